"""A check report among the documents: superseded once, by a later report of the same case."""

import pgtrigger

from bureau.models import Document

LATER_OF_THE_SAME_CASE = """
IF NOT EXISTS (
    SELECT 1 FROM bureau_document d
    JOIN verification_check later ON later.id = d.subject_id
    JOIN verification_check earlier ON earlier.id = NEW.subject_id
    WHERE d.id = NEW.superseded_by_id AND d.id > NEW.id AND d.kind = 'check_report' AND later.id > earlier.id
      AND later.subject = earlier.subject AND later.purpose = earlier.purpose
) THEN
    RAISE EXCEPTION 'a report is superseded by a later report of the same case' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Report(Document):
    """The document of a conclusion (核对报告). The ground keeps it; what a check is, this floor knows."""

    class Meta:
        proxy = True
        triggers = (
            pgtrigger.Trigger(
                name="report_is_superseded_by_a_later_one_of_its_case",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.kind = 'check_report' AND NEW.superseded_by_id IS NOT NULL"),
                func=LATER_OF_THE_SAME_CASE,
            ),
            pgtrigger.Protect(
                name="report_is_superseded_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.superseded_by_id IS NOT NULL AND NEW.superseded_by_id IS DISTINCT FROM OLD.superseded_by_id"
                ),
            ),
        )
