variable "name" {
  type        = string
  description = "Name of the replication group: lower-case letters, digits and dashes."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,39}$", var.name))
    error_message = "1 to 40 lower-case letters, digits and dashes, a letter first."
  }
}

variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "client_security_group_ids" {
  type        = list(string)
  description = "Security groups of the services."
}

variable "node_type" {
  type = string
}

variable "engine_version" {
  type    = string
  default = "8.0"
}

variable "shards" {
  type    = number
  default = 1
}

variable "replicas" {
  type        = number
  default     = 0
  description = "Replicas of each shard."
}

variable "auth_token" {
  type      = string
  sensitive = true

  validation {
    condition     = length(var.auth_token) >= 32 && length(var.auth_token) <= 128
    error_message = "32 to 128 characters."
  }
}

variable "auth_token_update_strategy" {
  type        = string
  default     = "ROTATE"
  description = "ROTATE: the former token is good beside the new one, until SET."

  validation {
    condition     = contains(["ROTATE", "SET"], var.auth_token_update_strategy)
    error_message = "ROTATE, then SET when every pod has the new one."
  }
}

variable "snapshot_retention_days" {
  type    = number
  default = 0
}

variable "alarm_topic_arn" {
  type = string
}

variable "tags" {
  type    = map(string)
  default = {}
}
