{{- /*
Copyright: (c) 2026, mke4k.core contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
*/ -}}
{{- $pullSecrets := .Values.installation.imagePullSecrets | default list }}
{{- range $name, $content := .Values.imagePullSecrets }}
{{- $pullSecrets = append $pullSecrets (dict "name" $name) }}
{{- end }}
{{- if .Values.installation.enabled }}
---
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  {{- $added := dict "imagePullSecrets" $pullSecrets "kubeletVolumePluginPath" .Values.kubeletVolumePluginPath }}
  {{- merge $added (omit .Values.installation "enabled") | toYaml | nindent 2 }}
{{- end }}
{{- if .Values.apiServer.enabled }}
---
apiVersion: operator.tigera.io/v1
kind: APIServer
metadata:
  name: default
spec:
  {{- omit .Values.apiServer "enabled" | toYaml | nindent 2 }}
{{- end }}
{{- if .Values.defaultFelixConfiguration.enabled }}
---
apiVersion: crd.projectcalico.org/v1
kind: FelixConfiguration
metadata:
  name: default
spec:
  {{- omit .Values.defaultFelixConfiguration "enabled" | toYaml | nindent 2 }}
{{- end }}
