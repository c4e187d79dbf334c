"""What a column of a list can be: our fields, and how others call them. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from unicodedata import category

from foundation.normal_forms import normal
from vendors.tier_model import Factor, Flag


class ImportField(StrEnum):
    """A field an imported column can fill; the value is its name on the command line."""

    NAME = "name"
    REFERENCE = "reference"
    LEGAL_NAME = "legal_name"
    ALIASES = "aliases"
    WEBSITE = "website"
    COUNTRY = "country"
    CATEGORY = "category"
    PURPOSE = "purpose"
    OWNER = "owner"
    UNIT = "unit"
    TAGS = "tags"
    REGISTRATION = "registration_number"
    TAX = "tax_number"
    LEI = "lei"
    CONTACT_NAME = "contact_name"
    CONTACT_EMAIL = "contact_email"
    CONTACT_ROLE = "contact_role"
    STATE = "state"
    TIER = "tier"
    DECISION = "decision"
    DECIDED_ON = "decided_on"
    DECIDED_BY = "decided_by"
    NEXT_REVIEW = "next_review"
    PARENT = "parent"
    SUB_PROCESSOR_OF = "sub_processor_of"
    NOTES = "notes"
    DATA_CLASS = "data_class"
    DATA_VOLUME = "data_volume"
    ACCESS = "access"
    CRITICALITY = "criticality"
    SUBSTITUTABILITY = "substitutability"
    REGULATORY = "regulatory"
    LOCATION = "location"
    SUBCONTRACTING = "subcontracting"
    ACCOUNT_DATA = "account_data"
    CDE = "cde"
    CRITICAL_FUNCTION = "critical_function"


class Shape(StrEnum):
    """How the cells of a field are read."""

    TEXT = "text"
    NAME = "name"
    LIST = "list"
    WEBSITE = "website"
    COUNTRY = "country"
    OWNER = "owner"
    UNIT = "unit"
    NUMBER = "number"
    EMAIL = "email"
    STATE = "state"
    DECISION = "decision"
    DATE = "date"
    FACTOR = "factor"
    FLAG = "flag"


F = ImportField
FACTORS = {F(factor.value): factor for factor in Factor}
FLAGS = {F(flag.value): flag for flag in Flag}
IDENTIFIERS = {F.REGISTRATION: "registration", F.TAX: "tax", F.LEI: "lei"}
SEVERAL = frozenset({F.ALIASES, F.TAGS, F.NOTES, F.PURPOSE})
"""Fields that more than one column may fill."""
CLOSED = frozenset(
    {Shape.COUNTRY, Shape.OWNER, Shape.UNIT, Shape.STATE, Shape.DECISION, Shape.FACTOR, Shape.FLAG}
)
"""Shapes with a closed list of values, whose words can be mapped."""

SHAPES: dict[ImportField, Shape] = {
    **dict.fromkeys(F, Shape.TEXT),
    F.NAME: Shape.NAME,
    F.LEGAL_NAME: Shape.NAME,
    F.ALIASES: Shape.LIST,
    F.TAGS: Shape.LIST,
    F.WEBSITE: Shape.WEBSITE,
    F.COUNTRY: Shape.COUNTRY,
    F.OWNER: Shape.OWNER,
    F.UNIT: Shape.UNIT,
    **dict.fromkeys(IDENTIFIERS, Shape.NUMBER),
    F.CONTACT_EMAIL: Shape.EMAIL,
    F.STATE: Shape.STATE,
    F.DECISION: Shape.DECISION,
    F.DECIDED_ON: Shape.DATE,
    F.NEXT_REVIEW: Shape.DATE,
    **dict.fromkeys(FACTORS, Shape.FACTOR),
    **dict.fromkeys(FLAGS, Shape.FLAG),
}


@dataclass(frozen=True, slots=True)
class Known:
    """How others call a field, surest first."""

    field: ImportField
    words: tuple[str, ...]


_WORDS = """
name: name, vendor, vendor name, supplier, supplier name, company, company name, third party,
 third party name, provider, provider name, name of subprocessor, subprocessor, sub processor,
 subprocessor name, service provider, partner, organisation, organization, organisation name,
 organization name, business name, account name, trading name, vendor/supplier, supplier/vendor,
 name of vendor, name of supplier, name of the vendor, processor, tpsp, entity name, trade name
reference: reference, duly reference, vendor reference, duly id
legal_name: legal name, registered name, legal entity, legal entity name, full legal name,
 company legal name, contracting entity, full name, registered company name
aliases: aliases, alias, also known as, aka, other names, other name, former name, former names,
 dba, doing business as, short name, known as
website: website, web site, url, domain, web, homepage, web address, site, company website,
 vendor website, website url, internet address, link
country: country, country of registration, registered country, corporate location, hq country,
 headquarters, headquarter, country code, country of incorporation, jurisdiction, location,
 nation, head office, entity country, hq, hq location, registered in
category: category, type, vendor type, vendor category, supplier category, supplier type, industry,
 sector, class, commodity, spend category, product category, service category, service type
purpose: what they do, what they do for us, purpose, description, description of processing,
 services, service, service description, description of services, services provided,
 service provided, products, product, scope, what we use it for, use, usage, use case, business
 purpose, processing activities, description of service, scope of services, nature of service
owner: owner (mail), owner, business owner, relationship owner, vendor owner, contract owner,
 owner email, owner e mail, owner mail, internal owner, responsible, responsible person,
 account owner, vendor manager, relationship manager, manager, sponsor, business sponsor,
 internal contact, business contact, owned by, requester
unit: unit, business unit, department, dept, division, team, cost centre, cost center, function,
 business line, owning department, bu, business area
tags: tags, tag, labels, label, keywords, groups, group
registration_number: registration number, company number, registration no, company registration,
 company registration number, reg no, reg number, registration, crn, companies house number,
 secp number, trade register number, commercial register, handelsregister, company no, company id
tax_number: tax number, tax id, vat, vat number, vat id, ntn, ntn number, tax no, tax identifier,
 tax registration number, tin, ein, gst number, strn, vat no, vat registration number, steuernummer
lei: lei, lei code, legal entity identifier
contact_name: contact name, contact, contact person, vendor contact, supplier contact,
 primary contact, main contact, contact full name, key contact, account manager, vendor contact
 name, primary contact name, security contact, sales contact
contact_email: contact mail, contact email, contact e mail, email, e mail, mail, email address,
 vendor email, supplier email, e mail address, vendor contact email, primary contact email,
 contact email address, security contact email, mail address, contact address
contact_role: contact role, contact title, job title, role, title, contact position, position,
 contact job title
state: state, status, vendor status, lifecycle, life cycle, stage, vendor state, supplier status,
 active, current status, lifecycle stage, is active, in use
tier: tier, tier before duly, risk tier, criticality tier, vendor tier, risk rating, risk level,
 inherent risk, risk, risk class, rating, risk classification, importance, priority
decision: last decision, decision, approval, approved, approval status, outcome, review outcome,
 assessment result, due diligence result, due diligence outcome, review result, last outcome,
 assessment outcome, risk decision, due diligence status, sign off
decided_on: decided on, decision date, approval date, approved on, date approved, last review,
 last review date, last reviewed, last assessment, last assessment date, review date,
 date of decision, assessment date, date of last review, last assessed, due diligence date,
 reviewed on, date of approval, last due diligence
decided_by: decided by, approved by, approver, reviewer, reviewed by, assessor, assessed by,
 decision maker, signed by, approved by name
next_review: next review, next review date, review due, next assessment, next assessment date,
 due for review, next due date, reassessment date, review due date, next review due, renewal review,
 next reassessment, next review on
parent: parent, parent company, parent vendor, ultimate parent, group company, holding company,
 holding, belongs to, part of, parent name
sub_processor_of: sub processor of, subprocessor of, used by, subcontractor of, nth party of,
 fourth party of, sub processor for, behind vendor
notes: notes, note, comments, comment, remarks, remark, additional information, other information,
 free text, observations, additional notes, memo
data_class: data class, data classification, data sensitivity, most sensitive data, sensitivity
data_volume: data volume, number of people, number of records, records, data subjects
access: access, system access, access to our systems, access level
criticality: criticality, business criticality, how soon we miss it
substitutability: substitutability, how hard to replace, replaceability, substitute
regulatory: regulatory, rules it falls under, regulation, regulatory relevance
location: where it works, data location, location risk, location score
subcontracting: subcontracting, what it passes on, subcontractors, uses subcontractors
account_data: account data, card account data, card data, cardholder data, pci, pci data, chd,
 stores card data, handles card data, processes card data
cde: cde, reaches our card systems, access to cde, cde access, in cde
critical_function: critical function, supports a critical function, critical or important function,
 critical important function, cif, supports critical function
"""
"""Words of spreadsheets we have seen; a header is compared after `plain_words`."""

_IN_BRACKETS = re.compile(r"[(\[{][^)\]}]{0,200}[)\]}]")
_MARKS = re.compile(r"\b(mandatory|required|optional|please|text)\b")


@lru_cache(maxsize=8192)
def plain_words(header: str) -> str:
    """Return a header as compared: lower case, no accents, single spaces, signs dropped."""
    text = normal("NFKD", header).casefold()
    text = "".join(c if category(c)[0] in "LN" else " " for c in text if category(c) != "Mn")
    return " ".join(text.split())


def _synonyms() -> dict[str, ImportField]:
    found: dict[str, ImportField] = {}
    for line in re.sub(r"\n ", " ", _WORDS.strip()).splitlines():
        name, _, words = line.partition(":")
        for word in words.split(","):
            found.setdefault(plain_words(word), F(name))
    return found


SYNONYMS = _synonyms()


def shorter_headers(header: str) -> list[str]:
    """Return the ways a header can be compared: whole, and without what is only said aside."""
    whole = plain_words(header)
    bare = plain_words(_IN_BRACKETS.sub(" ", header))
    first = plain_words(header.split("\n", maxsplit=1)[0])
    unmarked = " ".join(_MARKS.sub(" ", bare).split())
    return [text for text in dict.fromkeys((whole, bare, first, unmarked)) if text]
