from django.db import migrations, models

BATCH = 2000


def keep_words_with_digits(apps, schema_editor):
    """A search asks these words first whether it can find anything: those with a digit among letters are theirs too."""
    said = {
        word[:60]
        for key in apps.get_model("registry", "Ngo")
        .objects.values_list("key", flat=True)
        .iterator(BATCH)
        for word in key.split()
        if any(map(str.isalpha, word)) and not word.isalpha()
    }
    word = apps.get_model("registry", "NgoWord")
    word.objects.bulk_create([word(one) for one in sorted(said)], BATCH, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_confirmed_iin"),
        ("registry", "0006_kinds_of_tables"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="ngo",
            name="ngos_by_name",
        ),
        migrations.AddIndex(
            model_name="ngo",
            index=models.Index(
                fields=[
                    "sort",
                    "organisation",
                    "region_code",
                    "legal_form",
                    "staff",
                    "filed_year",
                    "filed_approved",
                    "filed_on",
                ],
                name="ngos_by_name_narrowed",
            ),
        ),
        migrations.RunPython(keep_words_with_digits, migrations.RunPython.noop),
    ]
