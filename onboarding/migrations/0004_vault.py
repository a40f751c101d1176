"""Documents at rest: a key per person, which files are encrypted, and what the virus scanner said."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0003_account_mail_is_rendered_when_sent")]
    operations = [
        migrations.CreateModel(
            "DataKey",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="data_key",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("master_key", models.CharField(db_index=True, max_length=32)),
                ("wrapped", models.BinaryField()),
            ],
        ),
        # The defaults stand in the database: an older web process may still insert rows without these columns.
        migrations.AddField("document", "sealed", models.BooleanField(db_default=False)),
        migrations.AddField(
            "document",
            "scan",
            models.CharField(
                choices=[("clean", "Clean"), ("waiting", "Waiting"), ("infected", "Infected")],
                db_default="clean",
                max_length=10,
            ),
        ),
        migrations.AddField(
            "document", "original", models.CharField(blank=True, db_default="", max_length=70)
        ),
        migrations.AddIndex(
            "document",
            models.Index(
                condition=models.Q(("scan", "waiting")), fields=["uploaded_at"], name="document_unscanned"
            ),
        ),
    ]
