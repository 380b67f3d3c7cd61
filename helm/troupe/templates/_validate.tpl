{{/*
What a schema cannot say, or says in words that help nobody: values that do not fit together.
*/}}
{{- define "troupe.validate" -}}
{{- $keys := .Values.secret -}}
{{- if and $keys .Values.existingSecret -}}
{{- fail "secret and existingSecret are both set: keep the keys in one place, and empty the other" -}}
{{- end -}}
{{- if not .Values.existingSecret -}}
{{- $keys = merge (dict) $keys -}}
{{- range $name, $path := .Values.config -}}
{{- if hasSuffix "_FILE" $name -}}{{- $keys = set $keys (trimSuffix "_FILE" $name) $path -}}{{- end -}}
{{- end -}}
{{- range $name := list "LIVEKIT_API_KEY" "LIVEKIT_API_SECRET" "SUPABASE_SERVICE_ROLE" -}}
{{- if not (get $keys $name) -}}{{- fail (printf "%s is missing: name a Secret that has it in existingSecret, or set secret.%s or config.%s_FILE" $name $name $name) -}}{{- end -}}
{{- end -}}
{{- if not (or $keys.OPENROUTER_API_KEY $keys.OPENAI_API_KEY) -}}
{{- fail "OPENROUTER_API_KEY or OPENAI_API_KEY is missing: the key of the LLM provider" -}}
{{- end -}}
{{- if and (eq .Values.autoscaling.authentication "keys") .Values.autoscaling.enabled (not (and $keys.AWS_ACCESS_KEY_ID $keys.AWS_SECRET_ACCESS_KEY)) -}}
{{- fail "autoscaling.authentication is keys, but secret has no AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" -}}
{{- end -}}
{{- if and .Values.gateway.enabled (not $keys.GATEWAY_API_KEYS) -}}
{{- fail "gateway.enabled is true, but there are no GATEWAY_API_KEYS: nobody could use the API" -}}
{{- end -}}
{{- end -}}
{{- $least := add (include "troupe.drainSeconds" .) 10 -}}
{{- if lt (include "troupe.graceSeconds" . | int) (int $least) -}}
{{- fail (printf "worker.terminationGracePeriodSeconds is %s, but a drain of DRAIN_TIMEOUT_MS and leaving the rooms take up to %d s: raise it, or lower DRAIN_TIMEOUT_MS" (include "troupe.graceSeconds" .) $least) -}}
{{- end -}}
{{- if gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas) -}}
{{- fail "autoscaling.minReplicas is above autoscaling.maxReplicas" -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (gt (include "troupe.queueLength" . | int) (int (default 10 .Values.config.MAX_CONCURRENT_ROOMS))) -}}
{{- fail "autoscaling.queueLength is above MAX_CONCURRENT_ROOMS: rooms would wait for pods that never come" -}}
{{- end -}}
{{- $recordings := .Values.config.RECORDINGS_DIR -}}
{{- $own := include "troupe.recordingsVolume" . -}}
{{- if and $own (or (not (isAbs $recordings)) (has (clean $recordings) (list "/" "/app" "/tmp"))) -}}
{{- fail (printf "config.RECORDINGS_DIR is %s, where no volume can be mounted: name an absolute path of its own, such as /recordings" $recordings) -}}
{{- end -}}
{{- if and .Values.recordings.existingClaim (not $recordings) -}}
{{- fail "recordings.existingClaim is set, but config.RECORDINGS_DIR is not: name the path to mount it at, such as /recordings" -}}
{{- end -}}
{{- if and .Values.recordings.existingClaim (not $own) -}}
{{- fail "recordings.existingClaim is set, and extraVolumeMounts has a volume at config.RECORDINGS_DIR already: keep one of them" -}}
{{- end -}}
{{- if and $own (not .Values.recordings.existingClaim) (eq "0" (toString .Values.config.RECORDINGS_KEEP_MB)) -}}
{{- fail "config.RECORDINGS_KEEP_MB is 0, but recordings are on the pods' own disks: a pod that fills its disk is evicted with its rooms. Set a size, or name a volume in recordings.existingClaim" -}}
{{- end -}}
{{- if and .Values.migrations.enabled (not .Values.migrations.databaseUrlSecret.name) -}}
{{- fail "migrations.enabled is true, but migrations.databaseUrlSecret.name is empty: name the Secret with the database's connection string" -}}
{{- end -}}
{{- end -}}
