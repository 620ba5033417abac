# Valkey on ElastiCache: one node, or a cluster of shards with replicas. Encrypted in transit and at rest.
terraform {
  required_version = ">= 1.6"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.80, < 7.0"
    }
  }
}

locals {
  is_cluster = var.shards > 1
  nodes      = var.shards * (1 + var.replicas)
}

resource "aws_elasticache_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnet_ids
}

resource "aws_security_group" "this" {
  name        = "${var.name}-valkey"
  description = "Valkey of ${var.name}: from the services, and from nowhere else"
  vpc_id      = var.vpc_id
  tags        = var.tags
}

resource "aws_vpc_security_group_ingress_rule" "services" {
  for_each = toset(var.client_security_group_ids)

  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = each.value
  from_port                    = 6379
  to_port                      = 6379
  ip_protocol                  = "tcp"
  description                  = "The services"
}

resource "aws_elasticache_parameter_group" "this" {
  name   = var.name
  family = "valkey8"

  # A fence or a tombstone that is evicted is no loss of correctness, but one of protection: better an error, and an alarm before it.
  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }

  dynamic "parameter" {
    for_each = local.is_cluster ? ["yes"] : []
    content {
      name  = "cluster-enabled"
      value = parameter.value
    }
  }
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id       = var.name
  description                = "L2 of ${var.name}"
  engine                     = "valkey"
  engine_version             = var.engine_version
  node_type                  = var.node_type
  port                       = 6379
  parameter_group_name       = aws_elasticache_parameter_group.this.name
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [aws_security_group.this.id]
  num_node_groups            = var.shards
  replicas_per_node_group    = var.replicas
  automatic_failover_enabled = var.replicas > 0
  multi_az_enabled           = var.replicas > 0
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  auth_token                 = var.auth_token
  auth_token_update_strategy = var.auth_token_update_strategy
  snapshot_retention_limit   = var.snapshot_retention_days
  maintenance_window         = "sun:03:00-sun:04:00"
  auto_minor_version_upgrade = true
  apply_immediately          = false
  notification_topic_arn     = var.alarm_topic_arn
  tags                       = var.tags

  lifecycle {
    precondition {
      condition     = !local.is_cluster || var.replicas > 0
      error_message = "A cluster needs a replica for each shard: without one a lost node takes its share of the keys along."
    }
  }
}

locals {
  members = toset([for n in range(local.nodes) : local.is_cluster
    ? format("%s-%04d-%03d", var.name, floor(n / (1 + var.replicas)) + 1, n % (1 + var.replicas) + 1)
  : format("%s-%03d", var.name, n + 1)])
  alarms = {
    engine-cpu  = { metric = "EngineCPUUtilization", threshold = 80, says = "Valkey's one thread is busy for more than 80 %" }
    connections = { metric = "CurrConnections", threshold = 1000, says = "More than 1000 connections" }
    memory      = { metric = "DatabaseMemoryUsagePercentage", threshold = 80, says = "More than 80 % of the memory is taken" }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = { for pair in setproduct(local.members, keys(local.alarms)) : "${pair[0]}-${pair[1]}" => { node = pair[0], alarm = local.alarms[pair[1]] } }

  alarm_name          = each.key
  alarm_description   = "${each.value.alarm.says}. docs/runbook.md"
  namespace           = "AWS/ElastiCache"
  metric_name         = each.value.alarm.metric
  dimensions          = { CacheClusterId = each.value.node }
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.alarm.threshold
  period              = 60
  evaluation_periods  = 5
  treat_missing_data  = "breaching"
  alarm_actions       = [var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]
  tags                = var.tags
}

# What the cluster's secret `valkey-credentials` is filled from.
resource "aws_secretsmanager_secret" "this" {
  name        = "${var.name}/valkey-credentials"
  description = "Keys are the variables of the services"
  tags        = var.tags
}

resource "aws_secretsmanager_secret_version" "this" {
  secret_id     = aws_secretsmanager_secret.this.id
  secret_string = jsonencode({ CACHE_PASSWORD = var.auth_token })
}
