"""An empty database gets its tables in less than a third of the time.

For every table, column, index and rule that a migration adds, Django draws anew all models that are related to it in any way:
here nearly all of them, five hundred times. Of what is new nothing follows for the others.
A database that holds anything is brought along by Django's own way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.state import ModelState, ProjectState

add_with_all_others = ProjectState.add_model
add_field_with_all_others = ProjectState.add_field


def add_alone(self: ProjectState, model_state: ModelState) -> None:
    """`ProjectState.add_model`: only the new model is drawn; those it refers to learn of it by themselves."""
    drawn = self.__dict__.pop("apps", None)
    replaced = (model_state.app_label, model_state.name_lower) in self.models
    add_with_all_others(self, model_state)  # without models to draw
    if drawn is not None and not replaced:
        self.__dict__["apps"] = drawn
        drawn.render_multiple([model_state])


def add_field_alone(self: ProjectState, app_label: str, model_name: str, *field: Any) -> None:
    """`ProjectState.add_field`: only the model with the new field is drawn; the others still mean the one before, by its name."""
    drawn = self.__dict__.pop("apps", None)
    add_field_with_all_others(self, app_label, model_name, *field)  # without models to draw
    if drawn is not None:
        self.__dict__["apps"] = drawn
        self.is_delayed = True
        drawn.unregister_model(app_label, model_name)
        drawn.render_multiple([self.models[app_label, model_name]])


def append_option(self: Any, app_label: str, model_name: str, option: str, added: Any) -> None:
    """`ProjectState._append_option`: the model that is there learns of its new index or rule."""
    state = self.models[app_label, model_name]
    state.options[option] = [*state.options[option], added]
    if "apps" in self.__dict__:
        self.is_delayed = True  # as Django says of a model that was drawn without its relatives
        meta: Any = self.apps.get_model(app_label, model_name)._meta
        setattr(meta, option, [*getattr(meta, option), added])
        meta.original_attrs[option] = state.options[option]
        self.apps.clear_cache()


# Methods of `ProjectState`.
QUICK: dict[str, Any] = {
    "add_model": add_alone,
    "add_field": add_field_alone,
    "_append_option": append_option,
}


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


@contextmanager
def quickly() -> Iterator[None]:
    """Within, migrations that only add draw only what they add."""
    usual = {name: getattr(ProjectState, name) for name in QUICK}
    try:
        for name, way in QUICK.items():
            setattr(ProjectState, name, way)
        yield
    finally:
        for name, way in usual.items():
            setattr(ProjectState, name, way)
