from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate


class OnboardingConfig(AppConfig):
    name = "onboarding"
    verbose_name = "Onboarding"

    def ready(self) -> None:
        from onboarding import checks  # needs the models, which are there only now
        from onboarding.records import reasons

        post_migrate.connect(reasons.plant, sender=self)
        checks.refuse_unworkable_policy()

        from onboarding.records import search

        search.follow_rows()


class DeskConfig(AdminConfig):
    """Django's admin with our site class as its default site."""

    default_site = "onboarding.desk.site.DeskSite"

    def ready(self) -> None:
        super().ready()
        from django.contrib import admin

        from onboarding.desk import labels, registry  # noqa: F401  puts our pages on the site

        labels.translate(admin.site)
