{{/* comment */ -}}
{{- define "labels" }}
app: {{ .Chart.Name }}
{{- with .Values.extra }}
{{ toYaml . }}
{{- end }}
{{ end -}}

{{ define "one" }}  one  {{ end }}
{{- define "two" -}}
{{ include "one" . -}} |
{{- include "one" . }}
{{- end -}}
