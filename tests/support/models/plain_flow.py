"""A flow in the few words that the model of callers knows: what may be written shorter is written out."""


def plain_flow(flow: dict) -> dict:
    """A flow whose menus say themselves what `menu:` at its top says, whose choices set no values, without switches.

    A switch is off unless the scenario turns it on (docs/planning.md): such a node says nothing and goes on. What a
    choice sets is set on the way to where it leads (docs/writing-menus.md).
    """
    stated = flow.get("menu") or {}
    nodes = {}
    for name, node in flow["nodes"].items():
        if node["type"] == "switch":
            on = node.get("on") or {}
            nodes[name] = {"type": "set", "values": {}, "next": on.get("off") or node["next"]}
        elif node["type"] == "menu":
            choices = [dict(choice) for choice in node["choices"]]
            for choice in choices:
                if values := choice.pop("set", None):
                    on_the_way = f"{name}/{choice['key']}"
                    nodes[on_the_way] = {"type": "set", "values": values, "next": choice["next"]}
                    choice["next"] = on_the_way
            nodes[name] = {**stated, **node, "choices": choices}
        else:
            nodes[name] = node
    return flow | {"nodes": nodes}
