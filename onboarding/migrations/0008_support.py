"""What cases are found by, who looked at masked data, policies of operators, and indexes to count by."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import onboarding.models.search
from onboarding.models.terms import terms_of

BATCH = 1000


def key():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


CASE = {"on_delete": django.db.models.deletion.CASCADE, "to": "onboarding.case"}
PERSON = {"on_delete": django.db.models.deletion.PROTECT, "to": settings.AUTH_USER_MODEL}


def write_terms(apps, _schema_editor):
    """A batch of cases at a time, in the order of their keys: memory stays small, however many there are."""
    Case = apps.get_model("onboarding", "Case")
    SearchTerm = apps.get_model("onboarding", "SearchTerm")
    columns = ("pk", "reference", "applicant__email", "profile__given_name", "profile__family_name")
    rows = Case.objects.order_by("pk").values_list(*columns)
    batch = list(rows[:BATCH])
    while batch:
        SearchTerm.objects.bulk_create(
            [
                SearchTerm(case_id=key, kind=kind, value=value)
                for key, reference, email, given, family in batch
                for value, kind in terms_of(reference, email, [given or "", family or ""]).items()
            ],
            ignore_conflicts=True,
            batch_size=BATCH,
        )
        batch = list(rows.filter(pk__gt=batch[-1][0])[:BATCH])


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0007_checks")]
    operations = [
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                ("id", key()),
                ("key", models.UUIDField(unique=True)),
                ("values", models.JSONField()),
                ("effective_at", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=500)),
                ("made_by", models.ForeignKey(**PERSON)),
            ],
            options={
                "verbose_name_plural": "policies",
                "indexes": [models.Index(fields=["-effective_at", "-id"], name="policy_newest")],
            },
        ),
        migrations.CreateModel(
            name="Reveal",
            fields=[
                ("id", key()),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("case", models.ForeignKey(related_name="reveals", **CASE)),
                ("viewer", models.ForeignKey(**PERSON)),
            ],
        ),
        migrations.CreateModel(
            name="SearchTerm",
            fields=[
                ("id", key()),
                (
                    "kind",
                    models.CharField(
                        choices=[("reference", "reference"), ("email", "e-mail"), ("name", "name")],
                        max_length=10,
                    ),
                ),
                ("value", onboarding.models.search.BytewiseField(max_length=260)),
                ("case", models.ForeignKey(db_index=False, related_name="terms", **CASE)),
            ],
            options={
                "indexes": [models.Index(fields=["value", "case"], name="term_by_value")],
                "constraints": [models.UniqueConstraint(fields=["case", "value"], name="term_once_per_case")],
            },
        ),
        migrations.AddIndex(
            "auditevent", models.Index(fields=["kind", "at", "case", "number"], name="event_by_kind")
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                condition=models.Q(next_action_at__isnull=False),
                fields=["next_action_at"],
                name="case_next_action",
            ),
        ),
        migrations.AddIndex(
            "email",
            models.Index(
                condition=models.Q(parked_at__isnull=False), fields=["parked_at"], name="email_parked"
            ),
        ),
        migrations.RunPython(write_terms, migrations.RunPython.noop),
    ]
