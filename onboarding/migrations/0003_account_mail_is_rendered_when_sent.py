"""Account mail keeps its template and what only the moment knew, instead of finished words."""

from django.db import migrations, models
from django.utils import timezone


def drop_unsent(apps, _schema_editor):
    """Finished words have no template. Whoever still waits for such a mail asks for another."""
    Email = apps.get_model("onboarding", "Email")
    Email.objects.filter(case=None, sent_at=None, dropped_at=None).update(dropped_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0002_staff_groups")]
    operations = [
        migrations.RunPython(drop_unsent, migrations.RunPython.noop),
        migrations.RemoveField("email", "html"),
        migrations.RemoveField("email", "subject"),
        migrations.RemoveField("email", "text"),
        migrations.AddField("email", "details", models.JSONField(default=dict)),
        migrations.AddField("email", "template", models.CharField(blank=True, max_length=80)),
    ]
