"""Every public function and class of gausslib, by its name."""

import inspect

import gausslib


def public_objects():
    """All public functions and classes, and the public methods of the classes."""
    for name in gausslib.__all__:
        item = getattr(gausslib, name)
        yield name, item
        if inspect.isclass(item):
            for key in vars(item):
                if not key.startswith("_") and callable(member := getattr(item, key)):
                    yield f"{name}.{key}", member


OBJECTS = dict(public_objects())
