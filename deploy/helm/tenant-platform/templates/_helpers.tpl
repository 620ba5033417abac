{{/* A service as it is to be: what it says itself, over the defaults. Call with (list $ NAME). */}}
{{- define "tenant-platform.service" -}}
{{- $root := index . 0 -}}
{{- $name := index . 1 -}}
{{- mustMergeOverwrite (mustDeepCopy $root.Values.defaults) (mustDeepCopy (index $root.Values.services $name)) | toYaml -}}
{{- end -}}

{{/* The name of a service's objects. Call with (list $ NAME). */}}
{{- define "tenant-platform.name" -}}
{{- printf "%s-%s" (index . 0).Release.Name (index . 1) | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* Labels by which pods are selected; they never change. Call with (list $ NAME). */}}
{{- define "tenant-platform.selector" -}}
app.kubernetes.io/name: {{ index . 1 }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
{{- end -}}

{{/* All labels of a service's objects. Call with (list $ NAME). */}}
{{- define "tenant-platform.labels" -}}
{{ include "tenant-platform.selector" . }}
app.kubernetes.io/part-of: tenant-platform
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
helm.sh/chart: {{ printf "%s-%s" (index . 0).Chart.Name (index . 0).Chart.Version }}
{{- end -}}

{{- define "tenant-platform.image" -}}
{{- $root := index . 0 -}}
{{- $service := include "tenant-platform.service" . | fromYaml -}}
{{- $repository := printf "%s/%s" $root.Values.image.repository ($service.image | default (index . 1)) -}}
{{- $registry := $root.Values.image.registry | default "" | trimSuffix "/" -}}
{{- printf "%s%s:%s" (ternary (printf "%s/" $registry) "" (ne $registry "")) $repository ($root.Values.image.tag | default $root.Chart.AppVersion) -}}
{{- end -}}

{{/* Whether a service is there: every name in reachedBy and reaches is checked with it, so a misspelt one is an error. */}}
{{- define "tenant-platform.enabled" -}}
{{- $root := index . 0 -}}
{{- $name := index . 1 -}}
{{- if hasKey $root.Values.services $name -}}
{{- (include "tenant-platform.service" (list $root $name) | fromYaml).enabled -}}
{{- else -}}
{{- fail (printf "'%s' is no service of this chart: the services are %s" $name (keys $root.Values.services | sortAlpha | join ", ")) -}}
{{- end -}}
{{- end -}}
