"""Every call of the API is described, everything described is a call, and nothing else is either."""

from foundation.api_operations import operation_of
from foundation.web import plate_of


def test_every_route_under_api_describes_itself_and_no_other_does(app):
    for rule in app.url_map.iter_rules():
        described = operation_of(app.view_functions[rule.endpoint]) is not None
        assert described == rule.rule.startswith("/api/v1"), rule.rule


def test_the_document_has_exactly_these_calls(app, client):
    document = client.get("/openapi.json").get_json()
    told = {
        (path.replace("{", "<uuid:").replace("}", ">"), method.upper())
        for path, item in document["paths"].items()
        for method in item
    }
    there = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert told == there
    names = [o["operationId"] for item in document["paths"].values() for o in item.values()]
    assert len(names) == len(set(names))


def test_the_document_says_the_right_and_the_scope_of_the_plate(app, client):
    document = client.get("/openapi.json").get_json()
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/api/"):
            continue
        plate = plate_of(app.view_functions[rule.endpoint])
        path = rule.rule.replace("<uuid:", "{").replace(">", "}")
        for told in document["paths"][path].values():
            if told["operationId"] == rule.endpoint.replace(".", "_"):
                assert plate.name == f"api {told['x-scope']} {told['x-permission']}"


def test_every_reference_in_the_document_leads_somewhere(client):
    document = client.get("/openapi.json").get_json()

    def references(node):
        if isinstance(node, dict):
            yield from [node["$ref"]] if "$ref" in node else []
            node = list(node.values())
        for each in node if isinstance(node, list) else []:
            yield from references(each)

    found = set(references(document))
    assert len(found) > 10
    for name in found:
        _hash, _components, kind, key = name.split("/")
        assert document["components"][kind][key]
