//! The proofs, one file each.

pub mod backend_health;
pub mod never_healthy;
pub mod postgres_data;
pub mod redis_data;
pub mod redis_upgrade;
pub mod start_order;
pub mod volumes;
