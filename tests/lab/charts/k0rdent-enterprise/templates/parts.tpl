{{- /*
Copyright: (c) 2026, mke4k.core contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
*/ -}}
{{- if .Values.flux2.enabled }}
{{- with .Values.flux2.sourceController }}
{{- $labels := dict "app" "source-controller" }}
{{- $image := printf "%s:%s" .image .tag }}
{{- include "program" (dict "root" $ "name" "source-controller" "container" "manager" "labels" $labels "image" $image) }}
{{- end }}
{{- with .Values.flux2.helmController }}
{{- $labels := dict "app" "helm-controller" }}
{{- $image := printf "%s:%s" .image .tag }}
{{- include "program" (dict "root" $ "name" "helm-controller" "container" "manager" "labels" $labels "image" $image) }}
{{- end }}
{{- end }}
{{- /* From 1.2 on these are parts of the sub-chart `regional`, and values in the old place do nothing. */ -}}
{{- $parts := ternary .Values.regional .Values (semverCompare ">=1.2.0-0" .Chart.Version) }}
{{- with index $parts "cert-manager" }}
{{- if .enabled }}
{{- $name := printf "%s-cert-manager" $.Release.Name }}
{{- $image := printf "%s:%s" .image.repository .image.tag }}
{{- include "program" (dict "root" $ "name" $name "labels" (dict "app" "cert-manager") "image" $image) }}
{{- end }}
{{- end }}
{{- with $parts.velero }}
{{- if .enabled }}
{{- $image := printf "%s:%s" .image.repository .image.tag }}
{{- include "program" (dict "root" $ "name" "velero" "labels" (dict "name" "velero") "image" $image) }}
{{- end }}
{{- end }}
