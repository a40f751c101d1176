"""The groups of staff, with what each may look at. Nobody may add, change or delete a case or its records."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

MAY_VIEW = {
    "reviewer": ("case", "auditevent", "email"),
    "senior": ("case", "auditevent", "email"),
    "support": ("case", "auditevent", "email"),
    "operator": ("case", "auditevent", "email", "outboxmessage"),
}


def make_groups(apps, _schema_editor):
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    # Permissions are made after the last migration; these groups need them now.
    create_permissions(installed.get_app_config("onboarding"), verbosity=0)
    for name, models in MAY_VIEW.items():
        group, _ = Group.objects.get_or_create(name=name)
        wanted = Permission.objects.filter(
            content_type__app_label="onboarding", codename__in=[f"view_{model}" for model in models]
        )
        group.permissions.add(*wanted)


class Migration(migrations.Migration):
    dependencies = [
        ("onboarding", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
