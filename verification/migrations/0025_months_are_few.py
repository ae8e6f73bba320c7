from django.db import migrations

# As of the districts of applications: conclusions are counted by month.
MANY = """
CREATE STATISTICS verification_conclusion_month ON ((date_trunc('month', "at" AT TIME ZONE 'Asia/Shanghai'))::date)
FROM verification_conclusion
"""


class Migration(migrations.Migration):
    dependencies = [("verification", "0024_ordered_without_a_join")]

    operations = [migrations.RunSQL(MANY, "DROP STATISTICS verification_conclusion_month")]
