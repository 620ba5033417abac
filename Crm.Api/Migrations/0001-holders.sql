-- A tenant's data keys, each wrapped by the master key that master_id names. The highest version seals.
create table data_keys (
    version integer primary key,
    master_id text not null,
    wrapped bytea not null,
    created_at timestamptz not null default now());

-- What tells who a holder is stands in sealed, and nowhere else. Deleted: nothing of it is left.
create table holders (
    id uuid primary key,
    organization_id uuid not null,
    type text not null,
    document_hash bytea,
    key_version integer not null references data_keys (version),
    sealed bytea,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz);
create unique index holders_by_document on holders (organization_id, document_hash) where deleted_at is null;
create index holders_by_organization on holders (organization_id, id);
create index holders_by_key on holders (key_version, id) where deleted_at is null;

create table holder_accounts (
    id uuid primary key,
    organization_id uuid not null,
    holder_id uuid not null references holders (id),
    ledger_id uuid not null,
    account_id uuid not null,
    is_confirmed boolean not null,
    key_version integer not null references data_keys (version),
    sealed bytea,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz);
create unique index holder_accounts_by_account on holder_accounts (ledger_id, account_id) where deleted_at is null;
create index holder_accounts_by_holder on holder_accounts (holder_id, id);
create index holder_accounts_by_key on holder_accounts (key_version, id) where deleted_at is null;
