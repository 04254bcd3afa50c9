"""The type of a text that visitors read, and that is translated."""

from __future__ import annotations

from typing import Annotated

#: Marks a field as read by visitors. Nothing else in the content differs between languages: not the
#: routes, their order, a number or an address.
Translatable = Annotated[str, "read by visitors"]
