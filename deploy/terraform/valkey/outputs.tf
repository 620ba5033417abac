output "cache_addrs" {
  description = "CACHE_ADDRS: the configuration endpoint of a cluster, the primary's of a single node."
  value       = "${local.is_cluster ? aws_elasticache_replication_group.this.configuration_endpoint_address : aws_elasticache_replication_group.this.primary_endpoint_address}:6379"
}

output "cache_mode" {
  value = local.is_cluster ? "cluster" : "single"
}

output "credentials_secret_arn" {
  value = aws_secretsmanager_secret.this.arn
}
