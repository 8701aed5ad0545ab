"""Refuses options that would have no effect: a user who gives one expects an effect."""

from __future__ import annotations

import click
from click.core import ParameterSource

from rdfexport.errors import UsageError


def refuse_unused(reason: str, *names: str) -> None:
    """Refuse options of the running command that were given and would have no effect.

    A value from an environment variable or a default does not count: it serves other calls too.

    Args:
        reason: The rest of the message after "has no effect", such as "without --compat".
        names: The parameters.

    Raises:
        UsageError: One of them was given.
    """
    context = click.get_current_context()
    for parameter in context.command.params:
        name = parameter.name
        if name in names and context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise UsageError(f"{_shown(parameter, context.params[name])}: has no effect {reason}")


def _shown(parameter: click.Parameter, value: object) -> str:
    """The option as it was given: ``--no-validate``, not ``--validate``."""
    if value is False and parameter.secondary_opts:
        return parameter.secondary_opts[0]
    if isinstance(parameter, click.Argument):
        return parameter.make_metavar(click.get_current_context())
    return max(parameter.opts, key=len)
