"""A second opinion: CEL's own type checker, told the kinds that were found for the facts."""

from collections.abc import Mapping

from cel_expr_python import cel

from bot.conditions.parsing import complaint, refuse
from bot.domain.grants.conditions import FactKind, FactUse


def demand_checked(source: str, uses: tuple[FactUse, ...]) -> None:
    """Nothing, if CEL too finds that `source` is true or false for facts of these kinds; a refusal otherwise."""
    try:
        kind = cel.NewEnv(variables=_variables(uses)).compile(source).return_type()
    except RuntimeError as error:
        told = f"does not pass CEL's own check{complaint(str(error))}"
        refuse(f"{told}; beside a number with a point, write 10.0 for 10")
    if kind != cel.Type.BOOL:
        refuse("does not come out as true or false")


def _variables(uses: tuple[FactUse, ...]) -> Mapping[str, cel.Type]:
    """CEL's types; a number is dynamic, so that whole ones and decimals compare by value."""
    types = {
        FactKind.NUMBER: cel.Type.DYN,
        FactKind.TEXT: cel.Type.STRING,
        FactKind.BOOLEAN: cel.Type.BOOL,
        FactKind.NUMBERS: cel.Type.List(cel.Type.DYN),
        FactKind.TEXTS: cel.Type.List(cel.Type.STRING),
        FactKind.BOOLEANS: cel.Type.List(cel.Type.BOOL),
        FactKind.SIZED: cel.Type.DYN,
    }
    record = cel.Type.Map(cel.Type.STRING, cel.Type.DYN)
    return {use.path.split(".")[0]: record if "." in use.path else types[use.kind] for use in uses}
