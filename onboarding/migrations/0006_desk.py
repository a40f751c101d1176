"""The catalogue of reasons, notes, presence, preferences of staff, and an index for each tab of the queue.

The built-in reasons are planted after every `migrate` (`records.reasons.plant`).
"""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("onboarding", "0005_api"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeskPreference",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="desk_preference",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("shortcuts", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("text", models.CharField(max_length=2000)),
                ("key", models.UUIDField()),
            ],
            options={
                "verbose_name": "note",
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Reason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A([a-z][a-z0-9_]{0,39})\\Z",
                                "Small letters, digits and underscores, a letter first: like “wrong_page”.",
                            )
                        ],
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("item", "asks for a picture again"), ("refusal", "refuses")], max_length=10
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=100)),
                ("active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "ordering": ["kind", "position", "code"],
            },
        ),
        migrations.CreateModel(
            name="ReasonWording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("language", models.CharField(max_length=10)),
                ("text", models.CharField(max_length=200)),
                ("cure", models.CharField(blank=True, max_length=200)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-version", "language"],
            },
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="case_queue",
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="case_claims",
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="case_returned",
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="case_escalated",
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["-changed_at", "-id"], name="case_changed"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("review_due_at__isnull", False)),
                fields=["-escalation_level", "-due_soon", "review_due_at", "id"],
                name="case_urgent",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("review_due_at__isnull", False), ("claimed_by", None)),
                fields=["-escalation_level", "-due_soon", "review_due_at", "id"],
                name="case_unclaimed",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("review_due_at__isnull", False)),
                fields=["claimed_by", "-escalation_level", "-due_soon", "review_due_at", "id"],
                name="case_claimed",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("review_due_at__isnull", False)),
                fields=["last_reviewer", "-escalation_level", "-due_soon", "review_due_at", "id"],
                name="case_back",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closes_at__isnull", False)),
                fields=["closes_at", "id"],
                name="case_waiting",
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="onboarding.case"
            ),
        ),
        migrations.AddField(
            model_name="presence",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="onboarding.case"
            ),
        ),
        migrations.AddField(
            model_name="presence",
            name="viewer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reasonwording",
            name="changed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reasonwording",
            name="reason",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="wordings", to="onboarding.reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.UniqueConstraint(fields=("case", "key"), name="note_once_per_key"),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.UniqueConstraint(fields=("case", "viewer"), name="presence_once"),
        ),
        migrations.AddConstraint(
            model_name="reasonwording",
            constraint=models.UniqueConstraint(
                fields=("reason", "version", "language"), name="one_wording_per_version"
            ),
        ),
    ]
