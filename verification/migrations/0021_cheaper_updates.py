import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('verification', '0020_kinds_of_hit_rates'),
    ]

    operations = [
        # Room on the page for an inquiry's every version: where the row of its answer lands on another page, the old one
        # is locked and logged once more.
        migrations.RunSQL(
            "ALTER TABLE verification_inquiry SET (fillfactor = 10)",
            "ALTER TABLE verification_inquiry SET (fillfactor = 50)",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='inquiry',
            name='inquiry_once_answered_changes_by_a_new_run_only',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='inquiry',
            trigger=pgtrigger.compiler.Trigger(name='inquiry_once_answered_changes_by_a_new_run_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.runs < OLD.runs OR NEW.check_ordered_id <> OLD.check_ordered_id OR NEW.source_id <> OLD.source_id OR (OLD.state = 'answered' AND (NEW.answer, NEW.outcomes, NEW.answered_at, NEW.exchange_id) IS DISTINCT FROM (OLD.answer, OLD.outcomes, OLD.answered_at, OLD.exchange_id)) OR (OLD.state = 'answered' AND NEW.state <> 'answered' AND NEW.runs = OLD.runs))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='2372401558604b584554f5da19d4f8039b8f2cde', operation='UPDATE', pgid='pgtrigger_inquiry_once_answered_changes_by_a_new_run_only_b57a1', table='verification_inquiry', when='AFTER')),
        ),
    ]
