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
    add column if not exists review_note text,
    add column if not exists keeps_days integer check (keeps_days > 0),
    add column if not exists keeps_to_age smallint check (keeps_to_age between 1 and 100);

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
    share_id bigint not null,
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
    share_id bigint not null,
    line integer not null,
    subject_id bigint not null,
    guard smallint not null,
    primary key (share_id, line)
);
create index if not exists share_line_subject on system.share_line (subject_id);
-- Keyed hashes of the values of the row, in the order of the package's columns: whether they have changed since.
alter table system.share_line add column if not exists digests text[];

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
-- Null fields: the whole row.
alter table system.share_recall add column if not exists fields text[];

-- What each value of a package rests on: the delivery and line it came in, and the consent that opens it, if one does.
create table if not exists system.share_cell (
    share_id bigint not null,
    line integer not null,
    field text not null,
    delivery_id bigint,
    source_line integer,
    choice_id bigint,
    primary key (share_id, line, field)
);

-- What left without a share: a return for the collector's portal, lists for an inspection, an emergency. `source` names
-- the act, so that one told twice is one disclosure; `reason` is null where the law asks; none is without a law.
create table if not exists system.disclosure (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('return', 'inspection', 'emergency', 'known')),
    source text not null unique,
    recipient text not null,
    name text not null,
    purpose text not null,
    reason text,
    need text not null,
    way text not null check (way in ('law', 'consent', 'protect')),
    law text not null check (law <> ''),
    basis text[] not null check (cardinality(basis) > 0),
    items text[] not null check (cardinality(items) > 0),
    children integer not null,
    keeps text not null,
    reference text,
    arrived_on date,
    made_by bigint not null,
    made_at timestamptz not null
);

-- Whom a disclosure is about; `care`: that alone would tell that social care knows the child.
create table if not exists system.disclosure_child (
    disclosure_id bigint not null references system.disclosure (id),
    subject_id bigint not null,
    guard smallint not null,
    care boolean not null,
    primary key (disclosure_id, subject_id)
);
create index if not exists disclosure_child_subject on system.disclosure_child (subject_id);

-- Counts of what was shared, as published: a quarter's total (recipient, reason and basis blank) and its groups. The
-- counts behind a figure are for the next publication alone; a row is added only when something changed.
create table if not exists system.disclosure_release (
    id bigint generated always as identity primary key,
    made_at timestamptz not null,
    made_by bigint not null,
    without_basis integer not null
);
create table if not exists system.disclosure_count (
    release_id bigint not null references system.disclosure_release (id),
    quarter date not null,
    recipient text not null,
    reason text not null,
    basis text not null,
    things bigint not null,
    children bigint not null,
    number bigint,
    primary key (quarter, recipient, reason, basis, release_id)
);
create or replace view totals.disclosure as
select release_id, quarter, recipient, reason, basis, number from system.disclosure_count;
alter view totals.disclosure owner to fairhold_totals;

-- What was told at once to keep a child from harm. `entry` is the link of the spool's chain it was taken in from; a
-- child who was only described has no subject. The teller of a spooled entry may have no account here.
create table if not exists system.emergency (
    id bigint generated always as identity primary key,
    entry text unique,
    subject_id bigint,
    guard smallint not null default 0 check (guard between 0 and 2),
    child_said text not null,
    born_said date,
    recipient text not null,
    organisation text not null,
    spoken_to text not null,
    channel text not null,
    need text not null,
    override_reason text,
    second_person text not null default '',
    policy_version text not null,
    told_at timestamptz not null,
    told_by bigint,
    teller text not null,
    why_spooled text not null default '',
    taken_in_by bigint,
    taken_in_at timestamptz,
    review_by date not null,
    reviewed_by bigint,
    reviewed_at timestamptz,
    was_right boolean,
    review_note text,
    check ((entry is null) = (taken_in_at is null)),
    check ((reviewed_by is null) = (reviewed_at is null) and (reviewed_by is null) = (was_right is null)),
    check (reviewed_by <> told_by)
);
create index if not exists emergency_subject on system.emergency (subject_id);

-- Each field asked for: told by the gate or by override, with the value as it was told; or refused, with no value.
create table if not exists system.emergency_field (
    emergency_id bigint not null references system.emergency (id),
    subject_id bigint,
    guard smallint not null,
    field text not null,
    way text not null check (way in ('gate', 'override', 'refused')),
    value text,
    rule text,
    reason text,
    primary key (emergency_id, field),
    check ((way = 'refused') = (value is null))
);

-- Decisions not to share that no share holds: by a person, by the gate, in an emergency, or on whether a child is known.
create table if not exists system.share_declined (
    id bigint generated always as identity primary key,
    entry text unique,
    subject_id bigint,
    guard smallint not null default 0 check (guard between 0 and 2),
    recipient text not null,
    organisation text not null,
    fields text[] not null,
    by text not null check (by in ('person', 'gate')),
    rules text[] not null,
    reason text not null,
    decided_by bigint,
    decided_at timestamptz not null
);
create index if not exists share_declined_subject on system.share_declined (subject_id);

-- A link between a child and a body that no source tells, recorded by an officer with what it rests on.
create table if not exists system.share_link (
    id bigint generated always as identity primary key,
    subject_id bigint not null,
    guard smallint not null,
    kind text not null check (kind in ('enrolled_at', 'placed_with', 'linked_councils')),
    body text not null,
    from_date date not null,
    to_date date,
    evidence text not null,
    added_by bigint not null,
    added_at timestamptz not null,
    check (to_date is null or to_date > from_date)
);
create index if not exists share_link_subject on system.share_link (subject_id);

-- The salt of a recipient's pseudonyms for one purpose; half of their key, the other half is outside the database.
create table if not exists system.share_pseudonym (
    partner_id bigint not null references system.share_partner (id),
    purpose text not null,
    salt bytea not null,
    made_at timestamptz not null,
    primary key (partner_id, purpose)
);

-- The day by which a recipient must have deleted a whole file, and its word that it has.
create table if not exists system.share_deletion (
    share_id bigint primary key references system.share (id),
    delete_by date not null,
    said text,
    confirmed_by bigint,
    confirmed_at timestamptz,
    check ((confirmed_by is null) = (confirmed_at is null) and (confirmed_by is null) = (said is null))
);

-- A package that waits to be fetched once: only the keyed hash of its code is kept. Five wrong codes close it.
create table if not exists system.share_collection (
    id bigint generated always as identity primary key,
    share_id bigint not null references system.share (id),
    number text not null unique,
    code bytea not null,
    wrong smallint not null default 0,
    closes_at timestamptz not null,
    closed_at timestamptz,
    fetched_at timestamptz,
    file_id bigint not null,
    name text not null,
    sha256 text not null,
    size bigint not null,
    made_by bigint not null,
    made_at timestamptz not null
);

-- A standing permission: what a recipient may be sent again and again, at most for a year, wanted by two people. A share
-- made by it names it; each child is decided again each time.
create table if not exists system.share_schedule (
    id bigint generated always as identity primary key,
    flow text not null,
    works_under text not null,
    partner_id bigint not null references system.share_partner (id),
    need text not null,
    reason text not null,
    fields text[] not null check (cardinality(fields) > 0),
    channel text not null,
    form text not null,
    cadence text not null check (cadence in ('weekly', 'monthly', 'termly')),
    from_date date not null,
    to_date date not null check (to_date > from_date and to_date <= from_date + interval '1 year'),
    proposed_by bigint not null,
    proposed_at timestamptz not null,
    judged_by bigint,
    judged_at timestamptz,
    approved boolean,
    note text,
    stopped_by bigint,
    stopped_at timestamptz,
    stopped_why text,
    check ((judged_by is null) = (approved is null) and (judged_by is null) = (judged_at is null)),
    check (judged_by <> proposed_by),
    check ((stopped_by is null) = (stopped_at is null))
);

-- An urgent stop of a body, or of one agreement with it. While it stands nothing is made or sent; what was open then
-- stays refused, and schedules stay ended, even when two people have lifted it.
create table if not exists system.share_stop (
    id bigint generated always as identity primary key,
    partner_id bigint not null references system.share_partner (id),
    agreement_id bigint references system.share_agreement (id),
    why text not null,
    made_by bigint not null,
    made_at timestamptz not null,
    lift_asked_by bigint,
    lift_asked_at timestamptz,
    lifted_by bigint,
    lifted_at timestamptz,
    check ((lift_asked_by is null) = (lift_asked_at is null)),
    check (lifted_by is null or (lift_asked_by is not null and lifted_by <> lift_asked_by)),
    check ((lifted_by is null) = (lifted_at is null))
);

-- Whoever fetches a package sees no agreement: this alone is told, with the owner's rights.
create or replace function system.share_may_leave(share bigint, day date) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select k.expires > day and (a.id is null or (not a.suspended and coalesce(a.to_date > day, true)))
        and not exists (select from system.share_stop p where p.partner_id = s.partner_id and p.lifted_at is null
            and (p.agreement_id is null or p.agreement_id = s.agreement_id))
    from system.share s join system.share_package k on k.share_id = s.id
    left join system.share_agreement a on a.id = s.agreement_id where s.id = share
$$;
revoke all on function system.share_may_leave(bigint, date) from public;
grant execute on function system.share_may_leave(bigint, date) to p_partner_request;

-- No kind of recipient but these may ever have a schedule, whatever a row of policy says; policy may allow fewer.
create or replace function system.share_may_be_scheduled() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare standing system.share_schedule;
begin
    if not exists (select from system.share_partner where id = new.partner_id and kind in
        ('youth-support', 'careers-adviser', 'post-16-provider', 'school', 'youth-justice', 'research')) then
        raise exception 'this kind of recipient has no schedule, ever';
    end if;
    if tg_table_name = 'share' then
        select * into standing from system.share_schedule where id = new.schedule_id;
        if standing.approved is not true or standing.stopped_at is not null or standing.partner_id <> new.partner_id
            or standing.works_under <> new.works_under or new.as_of < standing.from_date
            or new.as_of >= standing.to_date or not new.fields <@ standing.fields then
            raise exception 'no schedule that is approved and in force covers this share';
        end if;
    end if;
    return new;
end $$;
drop trigger if exists may_be_scheduled on system.share_schedule;
create trigger may_be_scheduled before insert or update on system.share_schedule
    for each row execute function system.share_may_be_scheduled();
drop trigger if exists may_be_scheduled on system.share;
create trigger may_be_scheduled before insert or update on system.share
    for each row when (new.schedule_id is not null) execute function system.share_may_be_scheduled();

-- Who of a body outside may ask, and what they asked: a child in words, seen only by staff of the purpose it is put to.
create table if not exists system.partner_account (
    account_id bigint primary key,
    partner_id bigint not null references system.share_partner (id),
    added_by bigint not null,
    added_at timestamptz not null
);
create table if not exists system.partner_request (
    id bigint generated always as identity primary key,
    partner_id bigint not null references system.share_partner (id),
    asked_by bigint not null,
    asked_at timestamptz not null,
    works_under text not null,
    flow text not null,
    guard smallint not null default 1,
    child_said text not null,
    identifiers text not null,
    need text not null,
    reason text not null,
    urgency text not null,
    fields text[] not null,
    reference text,
    officer text,
    power text,
    declined_by bigint,
    declined_at timestamptz,
    declined_why text,
    check ((declined_by is null) = (declined_at is null))
);
alter table system.share add column if not exists request_id bigint references system.partner_request (id);

-- Each purpose sees its own shares; those who answer for sharing see all.
alter table system.share enable row level security;
drop policy if exists own_flow on system.share;
create policy own_flow on system.share using (
    current_user in ('p_information_governance', 'p_audit', 'p_retention', 'p_measure_production')
    or current_user = 'p_' || replace(works_under, '-', '_')
);
drop policy if exists own_flow on system.share_decision;
create policy own_flow on system.share_decision as restrictive
    to p_youth_support, p_missing_education, p_safeguarding, p_children_in_need, p_research
    using (share_id in (select id from system.share));
drop policy if exists own_flow on system.share_line;
create policy own_flow on system.share_line as restrictive
    to p_youth_support, p_missing_education, p_safeguarding, p_children_in_need, p_research
    using (share_id in (select id from system.share));
alter table system.share_cell enable row level security;
drop policy if exists own_flow on system.share_cell;
create policy own_flow on system.share_cell using (share_id in (select id from system.share));

-- These policies hold every row of a list to a share that is there, by one look for the whole list. A foreign key would
-- look once more for each of a hundred thousand rows; what it would keep beside that is that no share is deleted.
alter table system.share_decision drop constraint if exists share_decision_share_id_fkey;
alter table system.share_line drop constraint if exists share_line_share_id_fkey;
alter table system.share_cell drop constraint if exists share_cell_share_id_fkey;
create or replace function system.share_stays() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    raise exception 'a share is kept as long as what was decided in it' using errcode = 'foreign_key_violation';
end $$;
drop trigger if exists stays on system.share;
create trigger stays before delete on system.share for each row execute function system.share_stays();

drop policy if exists own_flow on system.partner_request;
create policy own_flow on system.partner_request as restrictive
    to p_partner_request, p_safeguarding, p_missing_education, p_children_in_need
    using (
    current_user = 'p_partner_request' or current_user = 'p_' || replace(works_under, '-', '_')
);

-- How the newest share made in answer to a partner's request stands: arrived, refused, or (null) still on its way. Its
-- number is for staff alone.
create or replace function system.answer_of(request bigint) returns table (share bigint, state text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select case when session_role.name <> 'p_partner_request' then s.id end,
        case when exists (select from system.share_transfer t where t.share_id = s.id and t.arrived) then 'arrived'
            when exists (select from system.share_approval a where a.share_id = s.id and not a.approves)
                or exists (select from system.share_stop p where p.partner_id = s.partner_id
                    and p.made_at >= s.proposed_at) then 'refused' end
    from system.share s, (select current_setting('role') as name) session_role
    where s.request_id = request order by s.id desc limit 1
$$;
revoke all on function system.answer_of(bigint) from public;
grant execute on function system.answer_of(bigint)
    to p_partner_request, p_safeguarding, p_missing_education, p_children_in_need;
