"""Model fields whose column holds ciphertext: what the database, a dump or a log of it shows is never the value.

A protected field seals on the way in and opens on the way out, for its context "app_label.Model.field". The context
goes into the migration, so a renamed model or field must keep the old one by `context=`. Nothing but `isnull` can be
looked up on it: put a `BlindIndexField` beside a value that must be found again.
"""

import json
import unicodedata
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from django import forms
from django.core import checks, validators
from django.core.exceptions import FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.lookups import Lookup, Transform
from isal import isal_zlib

from bureau import ciphers

ID_NUMBER: Final = "id_number"
ZLIB_MARKS: Final = (b"\x78\x01", b"\x78\x5e")  # how what zlib and isal have compressed begins

SetType = TypeVar("SetType", contravariant=True)
GetType = TypeVar("GetType", covariant=True)

if TYPE_CHECKING:

    class Column(models.Field[SetType, GetType]):
        """The stubs make fields generic; Django itself does not."""
else:
    Column = type("Column", (models.Field,), {"__class_getitem__": classmethod(lambda cls, _types: cls)})


class ProtectedField(Column[SetType, GetType]):
    """A bytea column of ciphertext. The children say how their Python value becomes bytes and back."""

    empty_strings_allowed = True
    non_db_attrs = (*models.Field.non_db_attrs, "context")

    def __init__(self, *args: Any, context: str = "", **kwargs: Any) -> None:
        """`context` is only given to keep the one a value was first sealed with, after a rename."""
        kwargs["serialize"] = False  # a dump of fixtures must not carry the opened value
        super().__init__(*args, **kwargs)
        self.context = context

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        """Take the place of the column as the context, once the column belongs to a real table."""
        super().contribute_to_class(cls, name, private_only)
        if not self.context and not cls._meta.abstract:
            self.context = f"{cls._meta.label}.{name}"

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """The context travels with the field, so that a history table opens what it copied from the first table."""
        name, path, args, kwargs = super().deconstruct()
        del kwargs["serialize"]
        if self.context:
            kwargs["context"] = self.context
        return name, path, args, kwargs

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Refuse what ciphertext cannot give: uniqueness and an index."""
        problems = super().check(**kwargs)
        if {"unique", "db_index", "primary_key"} & self.deconstruct()[3].keys():
            problems.append(checks.Error("A protected field cannot be unique or indexed.", obj=self, id="bureau.E001"))
        return problems

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_lookup(self, lookup_name: str) -> "type[Lookup[Any]] | None":
        """Only `isnull`. FieldError for everything else, as equal values have different ciphertexts."""
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(
            f"{self.name} is protected: it cannot be searched by '{lookup_name}', only by its blind index or isnull"
        )

    def get_transform(self, lookup_name: str) -> type[Transform] | None:
        """None: FieldError for every transform."""
        raise FieldError(f"{self.name} is protected: it has no '{lookup_name}'")

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """The value sealed for this column; None stays NULL."""
        value = super().get_db_prep_value(value, connection, prepared)
        return None if value is None else self.sealed(value)

    def from_db_value(self, value: Any, expression: Expression, connection: BaseDatabaseWrapper) -> Any:
        """The value opened. UndecipherableError when its key is missing or the row was changed behind our back."""
        return None if value is None else self.opened(value)

    def sealed(self, value: Any) -> bytes:
        """The value as this column stores it, for statements that the ORM does not write."""
        return ciphers.current().encrypt(self.to_bytes(value), context=self.context.encode())

    def opened(self, value: bytes | memoryview) -> Any:
        """What this column stores, opened, for statements that the ORM does not read."""
        return self.from_bytes(ciphers.current().decrypt(bytes(value), context=self.context.encode()))

    def to_bytes(self, value: Any) -> bytes:
        """The value as it is sealed."""
        raise NotImplementedError

    def from_bytes(self, plaintext: bytes) -> Any:
        """The value as it was."""
        raise NotImplementedError


class ProtectedTextField(ProtectedField[SetType, GetType]):
    """Text. `max_length` limits what a form takes; the column has no limit."""

    _pyi_private_set_type: str
    _pyi_private_get_type: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(validators.MaxLengthValidator(self.max_length))

    def to_python(self, value: Any) -> str | None:
        return value if value is None else str(value)

    def get_prep_value(self, value: Any) -> str | None:
        return self.to_python(super().get_prep_value(value))

    def to_bytes(self, value: str) -> bytes:
        return value.encode()

    def from_bytes(self, plaintext: bytes) -> str:
        return plaintext.decode()

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        """One line of text; a text area when there is no length."""
        if self.max_length is None:
            kwargs.setdefault("widget", forms.Textarea)
        return super().formfield(**{"form_class": forms.CharField, "max_length": self.max_length, **kwargs})


class ProtectedBytesField(ProtectedField[SetType, GetType]):
    """Bytes as they came, such as the raw reply of a source. Not in forms.

    `packed`: compressed before they are sealed, for long texts; SM4 and the disk then have a tenth to do.
    """

    _pyi_private_set_type: bytes | bytearray | memoryview
    _pyi_private_get_type: bytes

    def __init__(self, *args: Any, packed: bool = False, **kwargs: Any) -> None:
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)
        self.packed = packed

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "packed": True} if self.packed else kwargs

    def to_bytes(self, value: bytes | bytearray | memoryview) -> bytes:
        return isal_zlib.compress(bytes(value), 1) if self.packed else bytes(value)

    def from_bytes(self, plaintext: bytes) -> bytes:
        # A row that was written before its column was packed is not compressed.
        return zlib.decompress(plaintext) if self.packed and plaintext.startswith(ZLIB_MARKS) else plaintext


class ProtectedJSONField(ProtectedField[SetType, GetType]):
    """Anything JSON can hold; Decimal and dates go in as text and come back as text. Not in forms."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any
    empty_strings_allowed = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def to_bytes(self, value: Any) -> bytes:
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":")).encode()

    def from_bytes(self, plaintext: bytes) -> Any:
        return json.loads(plaintext)


class BlindIndexField(Column[SetType, GetType]):
    """32 bytes by which a protected text is found: HMAC-SM3 of its normal form, keyed.

    `of` names the protected field beside it, from which the digest is taken at every save and bulk_create (not by
    `update`). `purpose` is part of the digest: columns of the same purpose find the same person in every table, and it
    cannot be changed later. A text in a look-up is turned into its digest: `filter(id_index="32120219900101123X")`.
    """

    _pyi_private_set_type: str | bytes | memoryview
    _pyi_private_get_type: bytes

    def __init__(self, *args: Any, of: str = "", purpose: str = ID_NUMBER, **kwargs: Any) -> None:
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)
        self.of = of
        self.purpose = purpose

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"]
        return name, path, args, {**kwargs, "of": self.of, "purpose": self.purpose}

    def get_internal_type(self) -> str:
        return "BinaryField"

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Take the digest from the protected field beside it."""
        if self.of:
            setattr(model_instance, self.attname, self.get_prep_value(getattr(model_instance, self.of)))
        return super().pre_save(model_instance, add)

    def get_prep_value(self, value: Any) -> bytes | None:
        """A text becomes its digest, 32 bytes stay, empty text is None."""
        value = super().get_prep_value(value)
        if isinstance(value, str):
            return blind_index(value, purpose=self.purpose) if value else None
        return None if value is None else bytes(value)

    def from_db_value(self, value: Any, expression: Expression, connection: BaseDatabaseWrapper) -> bytes | None:
        return None if value is None else bytes(value)


def blind_index(text: str, *, purpose: str = ID_NUMBER) -> bytes:
    """The digest by which a `BlindIndexField` of this purpose finds the text; width, case, outer blanks are alike."""
    return ciphers.current().blind_index(unicodedata.normalize("NFKC", text).strip().upper(), context=purpose)


def protected_fields(model: type[models.Model]) -> list[ProtectedField[Any, Any]]:
    """The protected columns of the model's own table."""
    return [field for field in model._meta.local_concrete_fields if isinstance(field, ProtectedField)]
