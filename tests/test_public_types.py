"""What is public says its types: `Any` stands nowhere but for the objects of other programs."""

from __future__ import annotations

import inspect
import re

import pytest

import vitreous as vt

OBJECTS_OF_OTHERS = {("from_freud", "box"), ("from_mdanalysis", "atoms"), ("from_ovito", "data")}
ROOMS = [getattr(vt, name) for name in vt._ROOMS]
PUBLIC = {f"vitreous.{name}": getattr(vt, name) for name in vt.__all__} | {
    f"{room.__name__}.{name}": getattr(room, name) for room in ROOMS for name in room.__all__
}


def annotations(public):
    """(where, annotation) of fields, parameters and results, of methods and properties too."""
    functions = [("", public)] if inspect.isfunction(public) else []
    if inspect.isclass(public):
        for owner in public.__mro__:
            if not owner.__module__.startswith("vitreous"):
                continue
            for name, annotation in inspect.get_annotations(owner).items():
                if not name.startswith("_"):
                    yield name, annotation
            for name, member in vars(owner).items():
                if name == "__init__" or not name.startswith("_"):
                    function = (
                        member.fget if isinstance(member, property) else getattr(member, "__func__", member)
                    )
                    functions.append((name, function))
    for name, function in functions:
        if inspect.isfunction(function):
            for parameter in inspect.signature(function).parameters.values():
                yield f"{name}({parameter.name})", parameter.annotation
            yield f"{name} ->", inspect.signature(function).return_annotation


@pytest.mark.parametrize("path", PUBLIC)
def test_no_signature_says_any(path):
    public = PUBLIC[path]
    vague = {
        where
        for where, annotation in annotations(public)
        if re.search(r"\bAny\b", annotation if isinstance(annotation, str) else repr(annotation))
    }
    allowed = {f"({name})" for function, name in OBJECTS_OF_OTHERS if function == path.rpartition(".")[2]}
    assert vague == allowed
