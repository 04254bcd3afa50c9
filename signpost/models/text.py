"""The type of texts that visitors read and translators translate."""

from __future__ import annotations

from typing import Annotated

#: Marks a field that is translated. Nothing else in the content differs between languages: not the routes,
#: their order, a number or a URL.
Translatable = Annotated[str, "read by visitors"]
