{{- /*
Copyright: (c) 2026, mke4k.core contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
*/ -}}
{{- $name := printf "%s-controller-manager" (include "fullname" .) }}
{{- $args := list }}
{{- with .Values.controller }}
{{- $args = append $args (printf "--templates-repo-url=%s" .templatesRepoURL) }}
{{- $args = append $args (printf "--global-registry=%s" .globalRegistry) }}
{{- $args = append $args (printf "--global-k0s-url=%s" .globalK0sURL) }}
{{- $args = append $args (printf "--insecure-registry=%v" .insecureRegistry) }}
{{- with .registryCredsSecret }}{{ $args = append $args (printf "--registry-creds-secret=%s" .) }}{{ end }}
{{- with .registryCertSecret }}{{ $args = append $args (printf "--registry-cert-secret-name=%s" .) }}{{ end }}
{{- with .k0sURLCertSecret }}{{ $args = append $args (printf "--k0s-url-cert-secret-name=%s" .) }}{{ end }}
{{- $args = append $args (printf "--create-management=%v" .createManagement) }}
{{- $args = append $args (printf "--create-access-management=%v" .createAccessManagement) }}
{{- $args = append $args (printf "--create-release=%v" .createRelease) }}
{{- $args = append $args (printf "--create-templates=%v" .createTemplates) }}
{{- $args = append $args (printf "--enable-telemetry=%v" .enableTelemetry) }}
{{- $args = append $args (printf "--validate-cluster-upgrade-path=%v" .validateClusterUpgradePath) }}
{{- end }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: {{ $name }}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: ServiceAccount, name: {{ $name }}, namespace: {{ .Release.Namespace }}}
{{ $image := printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) }}
{{- $labels := dict "control-plane" $name }}
{{- include "program" (dict "root" . "name" $name "container" "manager" "labels" $labels "image" $image "args" $args) }}
