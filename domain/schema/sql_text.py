"""Parts of statements, written from the words of schema.sql in the SQL that PostgreSQL and SQLite share."""

from sqlalchemy import Connection

from domain.schema.words import Column, Constraint, Index, Table


def literal(value: str | float | bool) -> str:
    """A value as SQL."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def column_sql(column: Column) -> str:
    """A column as it stands in CREATE TABLE."""
    default = "" if column.default is None else f" DEFAULT {literal(column.default)}"
    return f"{column.name} {column.sql_type}{' NOT NULL' if column.is_required else ''}{default}"


def carried_sql(column: Column, table: Table) -> str:
    """What a carried column copies: the value in the row's parent, as a subquery within a statement on ``table``."""
    key = next(k for k in table.foreign_keys if column.name in k.columns[1:])
    there = key.target_columns[key.columns.index(column.name)]
    parent = f"SELECT parent.{there} FROM {key.target} AS parent"
    return f"({parent} WHERE parent.id = {table.name}.{key.key_column})"


def at_first_sql(column: Column) -> str:
    """What a new column begins with in a stored row: its word where the other column holds something."""
    assert column.at_first is not None
    word, other = column.at_first
    default = "NULL" if column.default is None else literal(column.default)
    return f"CASE WHEN {other} IS NULL THEN {default} ELSE {literal(word)} END"


def constraint_sql(constraint: Constraint) -> str:
    """A constraint as it stands in CREATE TABLE."""
    columns = ", ".join(constraint.columns)
    match constraint.kind:
        case "check":
            rule = f"CHECK ({constraint.condition})"
        case "unique":
            rule = f"UNIQUE ({columns})"
        case _:
            there = ", ".join(constraint.target_columns)
            rule = f"FOREIGN KEY ({columns}) REFERENCES {constraint.target} ({there})"
            rule += f" ON DELETE {constraint.on_delete}" if constraint.on_delete else ""
    return f"CONSTRAINT {constraint.name} {rule}"


def index_sql(index: Index, table: str) -> str:
    """The CREATE INDEX of an index."""
    kind = "UNIQUE INDEX" if index.is_unique else "INDEX"
    where = f" WHERE {index.condition}" if index.condition else ""
    return f"CREATE {kind} {index.name} ON {table} ({', '.join(index.columns)}){where}"


def run(connection: Connection, statement: str) -> None:
    """Execute a statement that schema.sql says, or that follows from it: a % in it is a %, whatever the driver."""
    connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
