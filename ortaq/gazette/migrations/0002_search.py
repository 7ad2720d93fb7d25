"""The full-text index of what is public, for each database its own."""

from django.db import migrations

SQLITE = [
    "CREATE VIRTUAL TABLE IF NOT EXISTS gazette_search USING fts5("
    "heading, words, marks, content='', columnsize=0, detail=column, tokenize='ascii')",
]
# Words come without anything that a parser could take apart, so that they are lexemes as they are.
POSTGRESQL = [
    "ALTER TABLE gazette_publication"
    " ADD COLUMN in_heading tsvector GENERATED ALWAYS AS"
    " (array_to_tsvector(string_to_array(btrim(heading || ' ' || marks), ' '))) STORED,"
    " ADD COLUMN in_words tsvector GENERATED ALWAYS AS"
    " (array_to_tsvector(string_to_array(btrim(words || ' ' || marks), ' '))) STORED",
    "CREATE INDEX publications_in_heading ON gazette_publication USING gin (in_heading) WITH (fastupdate = off)",
    "CREATE INDEX publications_in_words ON gazette_publication USING gin (in_words) WITH (fastupdate = off)",
]
BACK = {
    "sqlite": ["DROP TABLE gazette_search"],
    "postgresql": ["ALTER TABLE gazette_publication DROP COLUMN in_heading, DROP COLUMN in_words"],
}


def make(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}.get(vendor, ()):
        schema_editor.execute(statement)


def unmake(apps, schema_editor):
    for statement in BACK.get(schema_editor.connection.vendor, ()):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("gazette", "0001_initial")]
    operations = [migrations.RunPython(make, unmake)]
