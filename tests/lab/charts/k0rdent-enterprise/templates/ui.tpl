{{- /*
Copyright: (c) 2026, mke4k.core contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
*/ -}}
{{- with index .Values "k0rdent-ui" }}
{{- if .enabled }}
{{- $name := printf "%s-k0rdent-ui" $.Release.Name }}
{{- $labels := dict "app.kubernetes.io/name" "k0rdent-ui" }}
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  namespace: {{ $.Release.Namespace }}
spec:
  selector:
    {{- toYaml $labels | nindent 4 }}
  ports:
  - {name: http, port: 3000, targetPort: 3000}
{{- if not .auth.basic.secretKeyRef }}
---
apiVersion: v1
kind: Secret
metadata:
  name: {{ $name }}-auth
  namespace: {{ $.Release.Namespace }}
stringData:
  username: {{ .auth.basic.username | quote }}
  password: {{ .auth.basic.password | quote }}
{{- end }}
{{ $image := printf "%s:%s" .image.repository .image.tag }}
{{- include "program" (dict "root" $ "name" $name "labels" $labels "image" $image) }}
{{- end }}
{{- end }}
