#!/usr/bin/env python3
"""Writes crds/application.yaml and crds/appproject.yaml.

The shape comes from tests/vectors/crds/*.txt, every property path of Argo CD's own CRDs with its type
(recorded by tests/oracle/argocd); what makes the files ours are the tables below: a description for each
field that is acted on, what is required, names and printer columns. Run it after changing either; a test
fails when the committed files aren't what it writes (`tools/make_crds.py --check`).
"""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

SOURCE = {
    "": "Where the manifests come from.",
    ".repoURL": "URL of the git repository, http or https.",
    ".path": "Directory in the repository that holds the chart or the manifests.",
    ".targetRevision": "Branch, tag or commit to follow; HEAD when empty.",
    ".directory": "Options for a directory of plain YAML and JSON files.",
    ".directory.recurse": "Read the directories below as well.",
    ".directory.include": "Glob of the files to read, all when empty; {a,b} lists alternatives.",
    ".directory.exclude": "Glob of files to leave out, stronger than include.",
    ".helm": "Options for rendering a Helm chart.",
    ".helm.valueFiles": "Files of values, later ones win; relative to path, or to the repository with a leading slash.",
    ".helm.parameters": "Single values, as with helm --set; they win over files and values.",
    ".helm.parameters[].name": "Path of the value, dots between keys.",
    ".helm.parameters[].value": "The value; its type is guessed as helm --set does.",
    ".helm.parameters[].forceString": "Take the value as text, as with helm --set-string.",
    ".helm.values": "Values as a YAML text; they win over valueFiles.",
    ".helm.valuesObject": "Values as a YAML map; takes the place of values.",
    ".helm.releaseName": "Name of the release; the Application's name when empty.",
    ".helm.namespace": "Namespace that the chart sees as its release's; the destination's when empty.",
    ".helm.kubeVersion": "Kubernetes version that the chart sees instead of the cluster's.",
    ".helm.apiVersions": "API versions that the chart sees instead of the cluster's.",
    ".helm.skipCrds": "Leave the chart's crds directory out.",
    ".helm.skipTests": "Leave test hooks out, which are never synced anyway.",
    ".helm.ignoreMissingValueFiles": "A file of valueFiles that doesn't exist is not an error.",
}
APPLICATION = {
    "apiVersion": "Version of this resource's schema.",
    "kind": "Kind of this resource.",
    "operation": "A sync that is asked for, or is running; removed when it ends.",
    "operation.initiatedBy": "Who asked for the operation.",
    "operation.initiatedBy.automated": "The controller asked for it.",
    "operation.initiatedBy.username": "Name of the user who asked for it.",
    "operation.sync": "Bring the cluster to the desired state.",
    "operation.sync.revision": "Revision to sync to instead of spec.source.targetRevision.",
    "operation.sync.prune": "Delete what is no longer in the source.",
    "operation.sync.syncOptions": "Sync options of this operation, in place of the policy's.",
    "operation.sync.autoHealAttemptsCount": "How often self-heal has tried already.",
    "spec": "What is to run where.",
    "spec.project": "The AppProject whose rules apply.",
    "spec.destination": "Where the objects go.",
    "spec.destination.server": "URL of the cluster's API server; https://kubernetes.default.svc is the local one.",
    "spec.destination.name": "Name of the cluster, instead of its URL; in-cluster is the local one.",
    "spec.destination.namespace": "Namespace of objects that don't name one.",
    "spec.revisionHistoryLimit": "How many entries status.history keeps; 10 when absent.",
    "spec.syncPolicy": "When and how the cluster is changed.",
    "spec.syncPolicy.automated": "Sync without being asked, on new revisions.",
    "spec.syncPolicy.automated.enabled": "false switches automated syncs off and keeps the settings; true when absent.",
    "spec.syncPolicy.automated.prune": "Also delete what is no longer in the source.",
    "spec.syncPolicy.automated.selfHeal": "Also undo changes that were made in the cluster.",
    "spec.syncPolicy.automated.allowEmpty": "Let automated prune delete all that is left.",
    "spec.syncPolicy.syncOptions": "Options as Name=value, e.g. CreateNamespace=true. "
        "HelmLookup=true lets charts look things up in the cluster, where the AppProject has the annotation "
        "tiphys.io/allow-lookup: \"true\".",
    **{"spec.source" + key: text for key, text in SOURCE.items()},
}
for _at in ("spec.syncPolicy.retry", "operation.retry"):
    APPLICATION |= {
        _at: "How a sync that failed is tried again.",
        f"{_at}.limit": "How often it is tried again; without end when negative.",
        f"{_at}.refresh": "Try again with the newest revision instead of the one that failed.",
        f"{_at}.backoff": "How long to wait between two tries.",
        f"{_at}.backoff.duration": "The first wait, e.g. 5s; a number counts seconds.",
        f"{_at}.backoff.factor": "By what each wait is longer than the one before.",
        f"{_at}.backoff.maxDuration": "The longest wait, e.g. 3m.",
    }
APPLICATION |= {
    "operation.sync.syncStrategy": "How objects are written, and whether hooks run.",
    "operation.sync.syncStrategy.apply": "Apply the objects, run no hooks.",
    "operation.sync.syncStrategy.apply.force": "Delete and make anew what can't be changed.",
    "operation.sync.syncStrategy.hook": "Apply the objects and run the hooks; the default.",
    "operation.sync.syncStrategy.hook.force": "Delete and make anew what can't be changed.",
    "operation.sync.resources": "Only these objects; all when empty. No hooks run.",
    "operation.sync.resources[].group": "API group of the object, empty for the core group.",
    "operation.sync.resources[].kind": "Kind of the object.",
    "operation.sync.resources[].name": "Name of the object.",
    "operation.sync.resources[].namespace": "Namespace of the object; any when empty.",
    "spec.ignoreDifferences": "Fields whose differences don't count.",
    "spec.ignoreDifferences[].group": "Glob of the API group, empty for the core group.",
    "spec.ignoreDifferences[].kind": "Glob of the kind.",
    "spec.ignoreDifferences[].name": "Name of the object; any when empty.",
    "spec.ignoreDifferences[].namespace": "Namespace of the object; any when empty.",
    "spec.syncPolicy.managedNamespaceMetadata": "Labels and annotations of the destination's namespace; with "
    "CreateNamespace=true every sync applies them.",
    "spec.syncPolicy.managedNamespaceMetadata.labels": "Labels of the namespace; others' labels stay.",
    "spec.syncPolicy.managedNamespaceMetadata.annotations": "Annotations of the namespace; others' stay.",
    "operation.sync.dryRun": "Tries everything on the server and writes nothing; the result says what would happen.",
    "spec.ignoreDifferences[].jsonPointers": "Fields by JSON pointer (RFC 6901).",
    "spec.ignoreDifferences[].jqPathExpressions": "Fields by jq's path expressions; one that fails on an object names "
    "nothing of it.",
    "spec.ignoreDifferences[].managedFieldsManagers": "Field managers: what one of them owns, and wrote differently.",
}
PROJECT = {
    "apiVersion": "Version of this resource's schema.",
    "kind": "Kind of this resource.",
    "spec": "What applications of the project may do.",
    "spec.sourceRepos": "Globs of the repositories to read from; ! denies.",
    "spec.destinations": "Where objects may be put; ! denies.",
    "spec.destinations[].server": "Glob of the cluster's URL.",
    "spec.destinations[].name": "Glob of the cluster's name.",
    "spec.destinations[].namespace": "Glob of the namespace.",
    "spec.destinationServiceAccounts": "Whom syncs are written as, where argocd-cm turns impersonation on; the first that fits.",
    "spec.destinationServiceAccounts[].server": "Glob of the cluster's URL.",
    "spec.destinationServiceAccounts[].namespace": "Glob of the namespace.",
    "spec.destinationServiceAccounts[].defaultServiceAccount": "account, of the destination's namespace, or namespace:account.",
}
for _list, _text in {
    "clusterResourceWhitelist": "Cluster-scoped kinds that may be managed; none when empty.",
    "clusterResourceBlacklist": "Cluster-scoped kinds that may not be managed, whatever the whitelist says.",
    "namespaceResourceWhitelist": "Namespaced kinds that may be managed; all when absent, none when empty.",
    "namespaceResourceBlacklist": "Namespaced kinds that may not be managed, whatever the whitelist says.",
}.items():
    PROJECT[f"spec.{_list}"] = _text
    PROJECT[f"spec.{_list}[].group"] = "Glob of the API group, empty for the core group."
    PROJECT[f"spec.{_list}[].kind"] = "Glob of the kind."
    PROJECT[f"spec.{_list}[].name"] = "Glob of the name; any when empty."
PROJECT |= {
    "spec.syncWindows": "When syncs may and may not run.",
    "spec.syncWindows[].kind": "allow or deny.",
    "spec.syncWindows[].schedule": "When the window opens: cron, five fields.",
    "spec.syncWindows[].duration": "How long it stays open, e.g. 1h30m.",
    "spec.syncWindows[].timeZone": "Zone of the schedule; UTC when empty.",
    "spec.syncWindows[].applications": "Globs of application names.",
    "spec.syncWindows[].namespaces": "Globs of destination namespaces.",
    "spec.syncWindows[].clusters": "Globs of destination clusters, by name or URL.",
    "spec.syncWindows[].andOperator": "Every list that is set must match, not just one.",
    "spec.syncWindows[].manualSync": "Syncs asked for by hand are let through.",
    "spec.syncWindows[].syncOverrun": "A sync that runs already may go on.",
    "spec.syncWindows[].description": "A note for people.",
    "spec.orphanedResources": "Looks for objects in the destination namespace that no application tracks.",
    "spec.orphanedResources.warn": "Says so in a condition.",
    "spec.orphanedResources.ignore": "Objects that aren't looked for.",
    "spec.orphanedResources.ignore[].group": "Glob of the API group, empty for the core group.",
    "spec.orphanedResources.ignore[].kind": "Glob of the kind; any when empty.",
    "spec.orphanedResources.ignore[].name": "Glob of the name; any when empty.",
    "spec.permitOnlyProjectScopedClusters": "Only clusters whose Secret names this project are permitted.",
}

FILES = {
    "application": dict(
        kind="Application", plural="applications", short=["app", "apps"], descriptions=APPLICATION,
        required={"": ["metadata", "spec"], "spec": ["destination", "project"], "spec.source": ["repoURL"],
                  "spec.sources[]": ["repoURL"], "spec.ignoreDifferences[]": ["kind"]},
        columns=[("Sync Status", ".status.sync.status", 0), ("Health Status", ".status.health.status", 0),
                 ("Revision", ".status.sync.revision", 10), ("Project", ".spec.project", 10)]),
    "appproject": dict(
        kind="AppProject", plural="appprojects", short=["appproj", "appprojs"], descriptions=PROJECT,
        required={"": ["metadata", "spec"]}, columns=[]),
}


def read_paths(name):
    """path -> (type, keeps unknown fields)"""
    paths = {}
    for line in (ROOT / f"tests/vectors/crds/{name}.txt").read_text().splitlines():
        path, kind, *mark = line.split(" ")
        paths[path] = (kind, mark == ["*"])
    return paths


def schema(paths, config):
    """The tree of the schema: nested dicts, each node made when its path is met (parents sort first)."""
    root = {"type": "object"}
    nodes = {"": root}
    for path in sorted(paths, key=lambda p: (p.count("."), len(p), p)):
        kind, keeps = paths[path]
        node = {}
        if path in config["descriptions"]:
            node["description"] = config["descriptions"][path]
        if kind == "int-or-string":
            node["x-kubernetes-int-or-string"] = True
        else:
            node["type"] = kind
        if keeps:
            node["x-kubernetes-preserve-unknown-fields"] = True
        match = re.fullmatch(r"(.*?)(\[\]|\{\}|\.?[^.\[\]{}]+)", path)
        parent, last = match.group(1), match.group(2)
        if last == "[]":
            nodes[parent]["items"] = node
        elif last == "{}":
            nodes[parent]["additionalProperties"] = node
        else:
            nodes[parent].setdefault("properties", {})[last.lstrip(".")] = node
        nodes[path] = node
    for path, names in config["required"].items():
        nodes[path]["required"] = names
    return root


def emit(value, indent, out):
    pad = "  " * indent
    for key in sorted(value) if indent > 5 else value:
        member = value[key]
        if isinstance(member, dict):
            out.append(f"{pad}{key}:" if member else f"{pad}{key}: {{}}")
            emit(member, indent + 1, out)
        elif isinstance(member, list) and member and isinstance(member[0], dict):
            out.append(f"{pad}{key}:")
            for item in member:
                lines = []
                emit(item, indent + 1, lines)
                lines[0] = f"{pad}- {lines[0].strip()}"
                out.extend(lines)
        else:
            out.append(f"{pad}{key}: {scalar(member)}")


def scalar(value):
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z][A-Za-z0-9./-]*", value) and value not in ("true", "null"):
        return value
    return json.dumps(value, ensure_ascii=False)


def crd(name):
    config = FILES[name]
    version = {"name": "v1alpha1", "served": True, "storage": True}
    if config["columns"]:
        version["additionalPrinterColumns"] = [
            dict(name=title, type="string", jsonPath=path, **({"priority": priority} if priority else {}))
            for title, path, priority in config["columns"]]
    version["schema"] = {"openAPIV3Schema": schema(read_paths(name), config)}
    # A path that the table describes must exist.
    unknown = set(config["descriptions"]) - set(read_paths(name))
    unknown -= {p for p in unknown if re.fullmatch(r"spec\.namespaceResource\w+\[\]\.name", p)}
    if unknown:
        sys.exit(f"{name}: descriptions of unknown paths: {sorted(unknown)}")
    full = f"{config['plural']}.argoproj.io"
    tree = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": full, "labels": {"app.kubernetes.io/name": full, "app.kubernetes.io/part-of": "tiphys"}},
        "spec": {
            "group": "argoproj.io",
            "names": {"kind": config["kind"], "listKind": config["kind"] + "List", "plural": config["plural"],
                      "shortNames": config["short"], "singular": config["kind"].lower()},
            "scope": "Namespaced",
            "versions": [version],
        },
    }
    lines = ["# Written by tools/make_crds.py; don't edit."]
    emit(tree, 0, lines)
    return "\n".join(lines) + "\n"


def main():
    check = "--check" in sys.argv[1:]
    stale = []
    for name in FILES:
        path = ROOT / f"crds/{name}.yaml"
        text = crd(name)
        if check:
            if not path.exists() or path.read_text() != text:
                stale.append(str(path.relative_to(ROOT)))
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
    if stale:
        sys.exit("not what tools/make_crds.py writes: " + ", ".join(stale))


if __name__ == "__main__":
    main()
