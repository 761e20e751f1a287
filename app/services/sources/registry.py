"""The sources there are, by key, each made from the settings of this installation."""

from collections.abc import Callable
from typing import Protocol

from app.services.reference import UIT_KEY
from app.services.sources.base import Source
from app.services.sources.uitdatabank.client import UitClient
from app.services.sources.uitdatabank.source import UitSource


class SourceSettings(Protocol):
    """What of the settings the sources need; see `.env.example`."""

    @property
    def uit_base_url(self) -> str: ...

    @property
    def uit_client_id(self) -> str: ...

    @property
    def uit_timeout_seconds(self) -> float: ...

    @property
    def uit_page_size(self) -> int: ...

    @property
    def uit_requests_per_second(self) -> float: ...


def uitdatabank(settings: SourceSettings) -> Source:
    client = UitClient(
        settings.uit_base_url,
        settings.uit_client_id,
        timeout_seconds=settings.uit_timeout_seconds,
        page_size=settings.uit_page_size,
        requests_per_second=settings.uit_requests_per_second,
    )
    return UitSource(client)


SOURCES: dict[str, Callable[[SourceSettings], Source]] = {UIT_KEY: uitdatabank}
