create table organizations (
    id uuid primary key,
    legal_name text not null,
    legal_document text not null,
    doing_business_as text,
    status text not null,
    status_description text,
    metadata text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz);

create table ledgers (
    id uuid primary key,
    organization_id uuid not null references organizations (id),
    name text not null,
    status text not null,
    status_description text,
    metadata text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz);
create index ledgers_by_organization on ledgers (organization_id, id);

create table assets (
    id uuid primary key,
    ledger_id uuid not null references ledgers (id),
    name text not null,
    type text not null,
    code text not null,
    status text not null,
    status_description text,
    metadata text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz);
create unique index assets_by_code on assets (ledger_id, code) where deleted_at is null;

create table accounts (
    id uuid primary key,
    ledger_id uuid not null references ledgers (id),
    name text not null,
    asset_code text not null,
    type text not null,
    alias text not null,
    parent_account_id uuid,
    entity_id text,
    portfolio_id uuid,
    segment_id uuid,
    blocked boolean not null default false,
    is_external boolean not null default false,
    status text not null,
    status_description text,
    metadata text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz);
create unique index accounts_by_alias on accounts (ledger_id, alias) where deleted_at is null;

create table balances (
    id uuid primary key,
    ledger_id uuid not null references ledgers (id),
    account_id uuid not null references accounts (id),
    key text not null,
    available numeric(38, 18) not null default 0,
    on_hold numeric(38, 18) not null default 0,
    version bigint not null default 0,
    allow_sending boolean not null default true,
    allow_receiving boolean not null default true,
    metadata text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    unique (account_id, key));

create table transactions (
    id uuid primary key,
    ledger_id uuid not null references ledgers (id),
    description text,
    code text,
    chart_of_accounts_group_name text,
    status text not null,
    asset_code text not null,
    amount numeric(38, 18) not null,
    legs text not null,
    metadata text,
    transaction_date timestamptz not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now());
create index transactions_by_ledger on transactions (ledger_id, id);

create table operations (
    id uuid primary key,
    transaction_id uuid not null references transactions (id),
    ledger_id uuid not null,
    account_id uuid not null references accounts (id),
    balance_id uuid not null references balances (id),
    type text not null,
    asset_code text not null,
    amount numeric(38, 18) not null,
    available_before numeric(38, 18) not null,
    available_after numeric(38, 18) not null,
    on_hold_before numeric(38, 18) not null,
    on_hold_after numeric(38, 18) not null,
    balance_version bigint not null,
    description text,
    chart_of_accounts text,
    metadata text,
    created_at timestamptz not null default now());
create index operations_by_account on operations (account_id, id);
create index operations_by_transaction on operations (transaction_id);

create table idempotency_keys (
    ledger_id uuid not null,
    key text not null,
    request_hash text not null,
    status integer,
    answer text,
    created_at timestamptz not null default now(),
    primary key (ledger_id, key));
create index idempotency_keys_by_age on idempotency_keys (created_at);
