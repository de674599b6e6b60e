"""One frozen object with every setting, read once from the environment or ``.env``."""

import os
import secrets
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from holidays import country_holidays
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_LAST_PORT = 65535


class Settings(BaseSettings):
    """What a city may set. Each field is read from ``VEREDA_`` plus its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix="VEREDA_",
        env_file=".env",
        env_file_encoding="utf-8",
        frozen=True,
        extra="ignore",
    )

    data_dir: Path = Field(default=Path("var"), description="Folder of the database and the index.")
    database_url: str = Field(
        default="", description="Database address; empty means SQLite in the data folder."
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description="Signs sessions and seals secrets; made and kept in the data folder if empty.",
    )
    now: datetime | None = Field(
        default=None, description="Fixes the clock, for demonstrations and measurements."
    )
    city_name: str = Field(default="", description="Name of the city where the database has none.")
    timezone: str = Field(default="Europe/Madrid", description="IANA zone of the city.")
    currency: str = Field(default="EUR", description="ISO 4217 code of the city's prices.")
    country: str = Field(
        default="ES",
        description="ISO 3166 code of the city's country; empty: no public holidays are known.",
    )
    subdivision: str = Field(
        default="", description="ISO 3166-2 code of its region, such as MD, for its own holidays."
    )
    public_url: str = Field(
        default="", description="Address of the site as residents see it, as https://…"
    )
    trusted_hosts: str = Field(
        default="",
        description="Host names it answers to, joined by commas; empty: that of the public address.",
    )
    trusted_proxy: str = Field(
        default="", description="Address of the proxy in front, whose word on who asks is believed."
    )
    contact_email: str = Field(default="", description="Where residents can write to the city.")
    confirm_months: Literal[1, 3, 6, 12] = Field(
        default=6, description="How often a listing is to be confirmed, unless its provider says."
    )
    remind_days: int = Field(
        default=14, ge=0, description="Days before that when its provider is asked by mail."
    )
    remind_again_days: int = Field(default=21, ge=1, description="Days until they are asked again.")
    overdue_days: int = Field(
        default=14, ge=0, description="Days after that when readers are told and it comes later."
    )
    withdraw_days: int = Field(
        default=60, ge=1, description="Days readers are told before the listing is withdrawn."
    )
    smtp_url: SecretStr = Field(
        default=SecretStr(""),
        description="smtp://, smtp+starttls:// or smtps:// with user and password; empty: files.",
    )
    mail_from: str = Field(default="", description="Sender of mails; the contact address if empty.")
    fetch_ports: str = Field(
        default="", description="Ports besides 80 and 443 that sources may be fetched from."
    )
    fetch_networks: str = Field(
        default="",
        description="Networks of its own, as 10.1.0.0/16, that sources may be fetched from.",
    )
    count_searches: bool = Field(
        default=True,
        description="Count what many look for; who looks is not written down either way.",
    )
    tiles_url: str = Field(
        default="", description="Map tiles, as https://…/{z}/{x}/{y}.png; empty asks nobody."
    )
    tiles_attribution: str = Field(default="", description="Shown on the map when tiles are used.")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(
                f"“{value}” is no IANA time zone; use one like Europe/Madrid"
            ) from error
        return value

    @field_validator("public_url")
    @classmethod
    def _whole_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise ValueError(f"“{value}” is no whole address; write one like https://example.org")
        return value

    @field_validator("fetch_ports")
    @classmethod
    def _doors(cls, value: str) -> str:
        for part in filter(None, map(str.strip, value.split(","))):
            if not part.isdecimal() or not 0 < int(part) <= _LAST_PORT:
                raise ValueError(f"“{part}” is no port; write numbers joined by commas, like 8080")
        return value

    @field_validator("fetch_networks")
    @classmethod
    def _networks(cls, value: str) -> str:
        for part in filter(None, map(str.strip, value.split(","))):
            try:
                ip_network(part)
            except ValueError as error:
                raise ValueError(f"“{part}” is no network; write one like 10.1.0.0/16") from error
        return value

    @model_validator(mode="after")
    def _known_subdivision(self) -> Self:
        if self.subdivision:
            try:
                country_holidays(self.country, subdiv=self.subdivision)
            except NotImplementedError as error:
                where = f"{self.country} {self.subdivision}"
                raise ValueError(f"no public holidays are known for {where}") from error
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host names the site answers to; none: any."""
        named = tuple(name.strip() for name in self.trusted_hosts.split(",") if name.strip())
        own = urlsplit(self.public_url).hostname
        if not named and not own:
            return ()
        # Whoever looks after the site asks it on its own machine.
        return (*named, *([own] if own else []), "localhost", "127.0.0.1", "[::1]")

    @property
    def doors(self) -> frozenset[int]:
        """Ports that sources may be fetched from."""
        return frozenset({80, 443, *map(int, filter(None, self.fetch_ports.split(",")))})

    @property
    def database(self) -> str:
        """The address SQLAlchemy connects to."""
        return self.database_url or f"sqlite:///{self.data_dir / 'vereda.sqlite3'}"

    @property
    def index_dir(self) -> Path:
        """Folder of the search index, which can always be made anew."""
        return self.data_dir / "index"

    @property
    def guide_dir(self) -> Path:
        """Folder of what the recommender has learnt, which can always be made anew."""
        return self.data_dir / "guide"

    def clock(self) -> datetime:
        """The present instant in UTC, or the one the settings fix."""
        if self.now is None:
            return datetime.now(UTC)
        local = self.now if self.now.tzinfo else self.now.replace(tzinfo=self.zone)
        return local.astimezone(UTC)

    def signing_key(self) -> str:
        """The configured secret, or one made once and kept readable by the owner only."""
        if key := self.secret_key.get_secret_value():
            return key
        path = self.data_dir / "secret_key"
        if not path.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            _write_once(path, secrets.token_urlsafe(48))
        return path.read_text(encoding="ascii")


def _write_once(path: Path, text: str) -> None:
    """A file for its owner only, whole from the first moment; who comes second leaves the first's."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
