"""Options that have no effect beside others are refused: whoever gave one expects one."""

from __future__ import annotations

import click
from click.core import ParameterSource

from rdfexport.errors import UsageError


def refuse_unused(reason: str, *names: str) -> None:
    """Refuse options of the running command that were given and would have no effect.

    What an environment variable or a default says is not given: it serves other calls too.

    Args:
        reason: Why, after "has no effect", such as "without --compat".
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
