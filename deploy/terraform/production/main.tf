# Three shards of two nodes, over several zones. State: give a backend with `terraform init -backend-config=…`; it holds the token, so it has to be an encrypted one.
terraform {
  backend "s3" {}
}

provider "aws" {
  region = var.region
}

module "valkey" {
  source = "../valkey"

  name                       = "tenant-platform-production"
  vpc_id                     = var.vpc_id
  subnet_ids                 = var.subnet_ids
  client_security_group_ids  = var.client_security_group_ids
  auth_token                 = var.auth_token
  auth_token_update_strategy = var.auth_token_update_strategy
  alarm_topic_arn            = var.alarm_topic_arn
  tags                       = { environment = "production" }

  node_type               = "cache.r7g.large"
  shards                  = 3
  replicas                = 1
  snapshot_retention_days = 7
}

variable "region" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "client_security_group_ids" {
  type = list(string)
}

variable "alarm_topic_arn" {
  type = string
}

variable "auth_token" {
  type      = string
  sensitive = true
}

variable "auth_token_update_strategy" {
  type    = string
  default = "ROTATE"
}

output "cache_addrs" {
  value = module.valkey.cache_addrs
}

output "credentials_secret_arn" {
  value = module.valkey.credentials_secret_arn
}
