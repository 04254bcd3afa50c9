"""Opens addresses in WebKitGTK, one after another, and prints as JSON the title and how much of the window is filled.

Runs in Debian's own Python (python3-gi), not in the virtual environment: ``python3 webkit_view.py ADDRESS...``. WebKit
writes each message on the console to standard error by itself, in a line with ": CONSOLE".
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import GLib, Gtk, WebKit2  # noqa: E402

#: Milliseconds after a page has loaded, until it is looked at.
SETTLES_IN = 100
#: How often a PDF is looked at until it fills the window: a script of the browser lays it out, on a busy machine in seconds.
LOOKS, PAUSE = 16, 300

looks = 0
addresses = sys.argv[1:]
window = Gtk.OffscreenWindow()
window.set_default_size(800, 1000)
# Not an ephemeral context: WebKit prints no console messages of private windows.
folder = tempfile.mkdtemp()
kept = WebKit2.WebsiteDataManager(base_data_directory=folder, base_cache_directory=folder)
view = WebKit2.WebView.new_with_context(WebKit2.WebContext(website_data_manager=kept))
view.get_settings().set_enable_write_console_messages_to_stdout(True)
view.get_settings().set_hardware_acceleration_policy(WebKit2.HardwareAccelerationPolicy.NEVER)
window.add(view)
window.show_all()


def open_next() -> bool:
    if not addresses:
        Gtk.main_quit()
        return False
    print("OPEN", addresses[0], flush=True)
    view.load_uri(addresses.pop(0))
    return False


def look() -> bool:
    view.get_snapshot(WebKit2.SnapshotRegion.VISIBLE, WebKit2.SnapshotOptions.NONE, None, tell)
    return False


def tell(_: object, result: object) -> None:
    surface = view.get_snapshot_finish(result)
    pixels = surface.get_data().tobytes()
    marked = sum(pixels[place : place + 3] != b"\xff\xff\xff" for place in range(0, len(pixels), 4 * 97))
    filled = marked / (len(pixels) / 4 / 97)
    global looks
    looks += 1
    if view.get_uri().endswith(".pdf") and filled < 0.5 and looks < LOOKS:
        GLib.timeout_add(PAUSE, look)
        return
    looks = 0
    print("SEEN", json.dumps({"title": view.get_title(), "filled": filled}), flush=True)
    open_next()


def loaded(_: object, event: object) -> None:
    if event == WebKit2.LoadEvent.FINISHED:
        GLib.timeout_add(SETTLES_IN, look)


view.connect("load-changed", loaded)
open_next()
Gtk.main()
shutil.rmtree(folder)
