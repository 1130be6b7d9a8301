-- tables of sharing

-- A body that may receive files. Its keys count only once a second person has confirmed their fingerprints.
create table if not exists system.share_partner (
    id bigint generated always as identity primary key,
    kind text not null,
    name text not null unique,
    organisation text,
    host text not null,
    port integer not null check (port between 1 and 65535),
    login text not null,
    folder text not null,
    host_key text not null,
    age_key text not null,
    added_by bigint not null,
    added_at timestamptz not null,
    confirmed_by bigint,
    confirmed_at timestamptz,
    check ((confirmed_by is null) = (confirmed_at is null)),
    check (confirmed_by <> added_by)
);

-- What was agreed with a body for one purpose, and how long it keeps what it gets.
create table if not exists system.share_agreement (
    id bigint generated always as identity primary key,
    partner_id bigint not null references system.share_partner (id),
    purpose text not null,
    from_date date not null,
    to_date date,
    suspended boolean not null default false,
    keeps text not null,
    added_by bigint not null,
    added_at timestamptz not null,
    check (to_date is null or to_date > from_date)
);

-- What stands in an agreement beside its period; null fields or channel: as the policy allows.
alter table system.share_agreement
    add column if not exists fields text[],
    add column if not exists channel text,
    add column if not exists basis text[] not null default '{}',
    add column if not exists population text not null default '',
    add column if not exists cadence text not null default '',
    add column if not exists roles text not null default '',
    add column if not exists onward text not null default '',
    add column if not exists other_parties text not null default '',
    add column if not exists signatories text not null default '',
    add column if not exists contacts text not null default '',
    add column if not exists review_by date,
    add column if not exists review_note text;

-- Proof that a way to send is safe, such as a certificate: from a day until the day before another.
create table if not exists system.share_evidence (
    id bigint generated always as identity primary key,
    evidence text not null,
    reference text not null,
    from_date date not null,
    to_date date not null,
    added_by bigint not null,
    added_at timestamptz not null,
    check (to_date > from_date)
);

-- The word of a body that gave us data, such as the DfE, that a recipient may have it from us.
create table if not exists system.share_permission (
    id bigint generated always as identity primary key,
    origin text not null check (origin in ('dfe', 'public-body')),
    recipient text not null,
    fields text[] not null check (cardinality(fields) > 0),
    reference text not null,
    from_date date not null,
    to_date date,
    added_by bigint not null,
    added_at timestamptz not null,
    check (to_date is null or to_date > from_date)
);

create table if not exists system.share (
    id bigint generated always as identity primary key,
    partner_id bigint not null references system.share_partner (id),
    agreement_id bigint not null references system.share_agreement (id),
    purpose text not null,
    need text not null,
    fields text[] not null,
    as_of date not null,
    policy_version text not null,
    children integer not null,
    alarms integer not null,
    approvals_needed integer not null check (approvals_needed > 0),
    proposed_by bigint not null,
    proposed_at timestamptz not null
);

-- A share is asked for by a kind of request (`flow`, a row of share_flows), under the purpose that opens the record.
alter table system.share
    add column if not exists flow text not null default 'youth-list',
    add column if not exists works_under text not null default 'youth-support',
    add column if not exists reason text not null default 'right-service',
    add column if not exists urgency text not null default 'routine',
    add column if not exists reference text,
    add column if not exists officer text,
    add column if not exists power text,
    add column if not exists channel text not null default 'sftp',
    add column if not exists form text not null default 'csv',
    add column if not exists schedule_id bigint,
    alter column agreement_id drop not null;

-- One row a child and field: what was decided and by which rule. The person is one of the child's subjects.
create table if not exists system.share_decision (
    share_id bigint not null references system.share (id),
    subject_id bigint not null,
    guard smallint not null,
    field text not null,
    allowed boolean not null,
    rule text,
    primary key (share_id, subject_id, field),
    check (allowed = (rule is null))
);
-- What lets an allowed field go (law, consent, or protect from harm), and the law in force behind it.
alter table system.share_decision add column if not exists way text, add column if not exists law text;
do $$ begin
    if not exists (select from pg_constraint where conname = 'share_decision_has_a_basis') then
        alter table system.share_decision add constraint share_decision_has_a_basis
            check (allowed = (way is not null and law is not null)) not valid;  -- rows older than the columns have none
    end if;
end $$;
create index if not exists share_decision_subject on system.share_decision (subject_id);

-- The words of each rule that refused something in a share, as they stood that day.
create table if not exists system.share_reason (
    share_id bigint not null references system.share (id),
    rule text not null,
    law text not null,
    reason text not null,
    would_change text not null,
    primary key (share_id, rule)
);

create table if not exists system.share_approval (
    share_id bigint not null references system.share (id),
    approver bigint not null,
    approves boolean not null,
    note text not null,
    at timestamptz not null,
    primary key (share_id, approver)
);

-- Nobody approves their own, whatever way the row comes in.
create or replace function system.share_four_eyes() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if exists (select from system.share where id = new.share_id and proposed_by = new.approver) then
        raise exception 'nobody approves their own share';
    end if;
    return new;
end $$;
drop trigger if exists four_eyes on system.share_approval;
create trigger four_eyes before insert or update on system.share_approval
    for each row execute function system.share_four_eyes();

-- The file that leaves. `sha256` is that of the encrypted file, `csv_sha256` that of the rows inside.
create table if not exists system.share_package (
    share_id bigint primary key references system.share (id),
    file_id bigint not null,
    name text not null,
    sha256 text not null,
    csv_sha256 text not null,
    rows integer not null,
    columns text[] not null,
    expires date not null,
    packed_by bigint not null,
    packed_at timestamptz not null
);

-- Which child stands on which row of the file.
create table if not exists system.share_line (
    share_id bigint not null references system.share (id),
    line integer not null,
    subject_id bigint not null,
    guard smallint not null,
    primary key (share_id, line)
);
create index if not exists share_line_subject on system.share_line (subject_id);

-- Each attempt to send; a receipt where it arrived.
create table if not exists system.share_transfer (
    id bigint generated always as identity primary key,
    share_id bigint not null references system.share (id),
    arrived boolean not null,
    said text not null,
    remote text,
    size bigint,
    sent_by bigint not null,
    at timestamptz not null
);

-- Asking a recipient to correct or delete rows it was sent, and its answer.
create table if not exists system.share_recall (
    id bigint generated always as identity primary key,
    share_id bigint not null references system.share (id),
    lines integer[] not null,
    action text not null check (action in ('delete', 'correct')),
    reason text not null,
    made_by bigint not null,
    made_at timestamptz not null,
    arrived_at timestamptz,
    acknowledged_by bigint,
    acknowledged_at timestamptz,
    check ((acknowledged_by is null) = (acknowledged_at is null))
);
