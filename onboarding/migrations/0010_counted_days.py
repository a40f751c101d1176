"""Days that are over are counted once and kept (decision 0110).

The index of the foreign key goes: two others begin with the same column. It is dropped by name, because on
SQLite Django would write the whole table anew, which takes minutes where there are millions of events.
"""

import django.db.models.deletion
from django.db import migrations, models

OLD_INDEX = "onboarding_auditevent_case_id_c1b6d5e3"


class Migration(migrations.Migration):
    dependencies = [
        ("onboarding", "0009_spanish"),
    ]

    operations = [
        migrations.CreateModel(
            name="CountedDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("counts", models.JSONField(null=True)),
            ],
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["case", "kind", "at"], name="event_of_case"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("in_review_since__isnull", False)),
                fields=["in_review_since"],
                name="case_in_review",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX {OLD_INDEX}",
                    f"CREATE INDEX {OLD_INDEX} ON onboarding_auditevent (case_id)",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="auditevent",
                    name="case",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="audit",
                        to="onboarding.case",
                    ),
                ),
            ],
        ),
    ]
