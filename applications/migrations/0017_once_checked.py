from django.db import migrations, models

# Of cases that are here already: whichever has a concluded check.
FROM_THE_CHECKS = """
UPDATE applications_application a SET was_checked = true
WHERE EXISTS (SELECT FROM verification_check k WHERE k.subject = a.reference AND k.status = 'concluded')
"""


class Migration(migrations.Migration):

    dependencies = [("applications", "0016_sums_of_stays"), ("verification", "0023_checks_in_short")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="was_checked",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunSQL(FROM_THE_CHECKS, migrations.RunSQL.noop),
    ]
