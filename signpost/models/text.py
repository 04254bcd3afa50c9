"""The types of texts that visitors read and translators translate."""

from __future__ import annotations

from typing import Annotated

#: Marks a field that is translated. Nothing else in the content differs between languages: not the routes,
#: their order, a number or a URL.
Translatable = Annotated[str, "read by visitors"]

#: The same, for a text whose links, bold words and lists are rendered (``models.markdown``). In every other text
#: their markup would be shown as it is written.
RunningText = Annotated[str, "read by visitors", "with links, bold words and lists"]
