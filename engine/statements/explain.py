"""EXPLAIN: the plan of a statement or a running query; with (CODE) also what was generated for it."""

from typing import TYPE_CHECKING

from headrace.engine.catalog.with_clause import AS_SELECT, WithClause
from headrace.engine.plan.logical import Step, Write, tree
from headrace.engine.plan.physical import PhysicalPlan
from headrace.engine.planner.persistent import physical_plan
from headrace.engine.results import Explanation
from headrace.engine.statements.create_as_select import plan_query, plan_sink, sink_topic
from headrace.engine.statements.dispatch import handles
from headrace.parser.errors import SqlError
from headrace.parser.statements import AliasedSource, CreateAsSelect, Explain, InsertSelect, Query, Statement

if TYPE_CHECKING:
    from headrace.engine.session import Session


@handles(Explain)
def explain(session: "Session", statement: Explain) -> Explanation:
    """Plan without running."""
    if isinstance(statement.target, str):
        return _running(session, statement, statement.target)
    steps, plan = _plan(session, statement.target)
    return Explanation(
        "\n".join([*tree(steps), *_physical(plan)]), _code(plan) if statement.code else None, statement=statement.text
    )


def _running(session: "Session", statement: Explain, query_id: str) -> Explanation:
    found = next((q for q in session.catalog.queries.values() if q.id.upper() == query_id.upper()), None)
    if found is None or found.id not in session.metastore.plans:
        raise SqlError(
            f"Query with id:{query_id} does not exist, use SHOW QUERIES to view the full set of queries.",
            span=statement.span,
            kind="unknown query",
        )
    plan = session.metastore.plans[found.id]
    status = next((q for q in session.services.queries.all() if q.id == found.id), None)
    lines = [f"ID: {found.id}", f"SQL: {found.sql}"]
    if status is not None:
        lines.append(f"Status: {status.state}")
        lines += [f"Error: {message}" for _, message in status.errors]
        lines += [f"{name}: {count}" for name, count in status.counters.items()]
    steps = found.steps["steps"] if isinstance(found.steps, dict) else []
    lines += ["  " * depth + "> " + line for depth, line in enumerate(reversed(steps))]
    return Explanation(
        "\n".join([*lines, *_physical(plan)]), _code(plan) if statement.code else None, statement=statement.text
    )


def _plan(session: "Session", target: Statement) -> tuple[Step, PhysicalPlan]:
    match target:
        case CreateAsSelect():
            planned = plan_query(session, target)
            clause = WithClause(target.properties, AS_SELECT)
            sink = plan_sink(session, target, planned, clause, "explained")
            partitions, _ = sink_topic(session, clause, planned, sink)
            return Write(planned.steps, sink, partitions), physical_plan(
                session, "explained", target.text, planned, sink, partitions
            )
        case InsertSelect(name, query):
            planned = session.planner().plan(query, target=name)
            sink = session.catalog.source(name, span=target.span)
            return Write(planned.steps, sink, 1), physical_plan(session, "explained", target.text, planned, sink)
        case Query(relation=AliasedSource(name)) if target.emit is None and session.catalog.source(name).is_table:
            raise SqlError(
                "EXPLAIN of pull queries on tables is not supported yet.", span=target.span, kind="unsupported"
            )
        case Query():
            planned = session.planner().plan(target, target=None)
            return planned.steps, physical_plan(session, "explained", target.text, planned, None)
        case _:
            raise SqlError(
                "The provided statement does not run a ksql query",
                span=target.span,
                hint="EXPLAIN takes a SELECT, CREATE … AS SELECT or INSERT INTO … SELECT",
            )


def _physical(plan: PhysicalPlan) -> list[str]:
    lines = []
    for sub in plan.sub_topologies:
        reads = ", ".join(i.topic for i in sub.inputs) or f"exchange of {sub.index - 1}"
        stores = ", ".join(s.name for s in sub.program.stores)
        lines.append(
            f"Sub-topology {sub.index}: reads {reads}"
            + (f"; stores {stores}" if stores else "")
            + ("; ends in an exchange" if sub.exchanges else "")
        )
    return lines


def _code(plan: PhysicalPlan) -> str:
    return "\n".join(f"# sub-topology {s.index}\n{s.program.source}" for s in plan.sub_topologies)
