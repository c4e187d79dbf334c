"""The page of a vendor's facts, with the forms as they are or as somebody left them."""

from accounts.permissions import Permission
from accounts.signin import me
from foundation.db import session
from foundation.forms import BaseForm
from foundation.web import page
from vendors import facts_queries as facts_of
from vendors.countries import country_name
from vendors.facts_forms import (
    AliasForm,
    CountriesForm,
    IdentifierForm,
    ParentForm,
    TagsForm,
    ValuesForm,
    name_of,
    values_form,
)
from vendors.group_queries import Group, group_of
from vendors.models import Vendor
from vendors.rules import Presence


def facts_page(vendor: Vendor, **given: BaseForm) -> str:
    """Return the page; a form that is given stands open where it is."""
    group = group_of(session(), me().person_id, vendor.id)
    countries = facts_of.countries_of(session(), vendor.id)
    tags = facts_of.tags_of(session(), vendor.id)
    rows = facts_of.fields_of(session(), vendor.id)
    owner, unit = facts_of.owner_and_unit(session(), vendor)
    forms = {**_forms(vendor, group, countries, tags), **given}
    if not isinstance(forms.get("values"), ValuesForm):
        forms["values"] = values_form(rows, None)
    return page(
        "vendors/facts.html",
        vendor=vendor,
        owner=owner,
        unit=unit,
        group=group,
        countries=countries,
        tags=tags,
        rows=[(row, name_of(row)) for row in rows],
        numbers=facts_of.identifiers_of(session(), vendor.id),
        aliases=facts_of.alias_rows_of(session(), vendor.id),
        given=frozenset(given),
        may_edit=me().may(Permission.VENDOR_EDIT),
        may_merge=me().may(Permission.VENDOR_MERGE),
        may_define=me().may(Permission.FIELD_DEFINE),
        **forms,
    )


def _forms(
    vendor: Vendor, group: Group, countries: dict[Presence, list[str]], tags: list[str]
) -> dict[str, BaseForm]:
    written = {
        presence.value: ", ".join(country_name(code) for code in codes)
        for presence, codes in countries.items()
    }
    before = {
        f"{name}_before": ", ".join(codes)
        for name, codes in zip(written, countries.values(), strict=True)
    }
    parent = next((one for one in group.parents if one.vendor_id == vendor.parent_id), None)
    return {
        "number_form": IdentifierForm(),
        "alias_form": AliasForm(),
        "parent_form": ParentForm(
            version=vendor.version, parent=parent.reference if parent else ""
        ),
        "countries_form": CountriesForm(data={**written, **before}),
        "tags_form": TagsForm(tags=", ".join(tags), tags_before=", ".join(tags)),
    }
