{{- /*
Copyright: (c) 2026, mke4k.core contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
*/ -}}
{{- $name := printf "%s-app" .Release.Name }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ $name }}
data:
  text: {{ .Values.text | quote }}
  version: {{ .Chart.Version | quote }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  labels: {app: {{ $name }}}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {app: {{ $name }}}
  template:
    metadata:
      labels: {app: {{ $name }}}
    spec:
      terminationGracePeriodSeconds: 1
      tolerations:
      - {key: node-role.kubernetes.io/control-plane, operator: Exists, effect: NoSchedule}
      {{- if .Values.startSeconds }}
      initContainers:
      - name: slow
        image: {{ .Values.image }}
        args: [sleep, {{ .Values.startSeconds | quote }}]
      {{- end }}
      containers:
      - name: app
        image: {{ .Values.image }}
