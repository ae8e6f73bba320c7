from django.db import migrations

# From what the timeline tells. Moves of a single case say where it went; of moves of whole sets it follows from the name.
FROM_THE_TIMELINE = """
WITH arrivals AS (
    SELECT subject_id, (at AT TIME ZONE 'Asia/Shanghai')::date AS came, at, id, COALESCE(facts ->> 'after', CASE event
        WHEN 'order_in_round' THEN 'checking' WHEN 'take_up' THEN 'checked' WHEN 'check_fell_through' THEN 'check_due'
        WHEN 'take_up_recheck' THEN 'checked' WHEN 'approve' THEN 'approved' END) AS stage
    FROM bureau_timelineentry WHERE subject_kind = 'applications.application'
), stays AS (
    SELECT subject_id, stage, came, lead(came) OVER (PARTITION BY subject_id ORDER BY at, id) AS went
    FROM arrivals WHERE stage IS NOT NULL
)
INSERT INTO applications_stay (application_id, stage, kind, office_code, entered_on, left_on)
SELECT a.id, s.stage, a.kind, a.office_code, s.came, GREATEST(s.came, s.went)
FROM stays s JOIN applications_application a ON a.id = s.subject_id
WHERE s.went IS NOT NULL AND s.stage <> 'draft'
"""


class Migration(migrations.Migration):

    dependencies = [("applications", "0012_times_at_desks"), ("bureau", "0005_panel_members")]

    operations = [migrations.RunSQL(FROM_THE_TIMELINE, migrations.RunSQL.noop)]
