#include "cli/usage.hpp"

namespace tiphys::cli {

const std::string_view kTemplateUsage =
    R"(Renders a chart from the disk and prints its manifests, byte for byte as helm template does.

Usage: tiphys template [NAME] CHART [flags]

CHART is a folder or a .tgz. The values that win come last.

Values
  -f, --values FILE           values from a YAML file, or - for standard input; may be repeated
      --set A=B               one value, its type guessed; a.b, a[0], a={x,y}, several with commas
      --set-string A=B        the same, always a string
      --set-json A=JSON       the same, JSON; or a whole JSON object
      --set-file A=FILE       the content of a file
      --set-literal A=TEXT    the text as it is, commas and braces too
Release
  -n, --namespace NAME        namespace of the release (default)
      --name-template TEXT    makes the name of the release
  -g, --generate-name         makes one from the chart's name and the time
      --is-upgrade            .Release.IsUpgrade instead of .Release.IsInstall
Cluster
      --kube-version VERSION  .Capabilities.KubeVersion
  -a, --api-versions LIST     further .Capabilities.APIVersions
      --dry-run=server        lookup asks the cluster, .Capabilities are its own (--validate is the same; with
                              --helm-version 3.21 --dry-run=server is lookup alone, --validate .Capabilities);
                              what is rendered isn't tried there
      --kubeconfig FILE       how to reach it; else KUBECONFIG, ~/.kube/config, the pod's account. Also
                              --kube-context, --kube-apiserver, --kube-token, --kube-as-user, --kube-as-group,
                              --kube-ca-file, --kube-tls-server-name, --kube-insecure-skip-tls-verify
Output
  -s, --show-only FILE        only what these templates give; may be repeated, with * and ?
      --include-crds          the chart's crds/ first
      --no-hooks              without hooks
      --skip-tests            without the hooks that are tests
      --output-dir DIR        files instead of standard output
      --release-name          a folder with the release's name below --output-dir
      --skip-schema-validation
      --debug                 prints the output of a render that failed, too
      --helm-version VERSION  4.2 (the default) or 3.21: whose bytes to print

Helm's other flags are taken and change nothing; those that need a network or a program are refused.
)";

const std::string_view kLintUsage =
    R"(Examines charts as helm lint does: same findings, same exit status.

Usage: tiphys lint PATH... [flags]

      --strict                warnings fail, too
      --with-subcharts        the charts below charts/ as well
      --quiet                 only warnings and errors
  -f, --values FILE           values from a YAML file; --set, --set-string, --set-json, --set-file and
                              --set-literal as for tiphys template
  -n, --namespace NAME        namespace of the release (default)
      --kube-version VERSION  checks for removed APIs against this version
      --skip-schema-validation
      --helm-version VERSION  4.2 (the default) or 3.21: whose findings to print
)";

}  // namespace tiphys::cli
