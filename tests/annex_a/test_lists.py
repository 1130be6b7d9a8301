"""Facts of made-up children become rows of Ofsted's lists: which rows, which values, and the first and last days.

The inspection is on 23 November 2026: six months back is 23 May 2026, twelve months 23 November 2025.
"""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from tests.annex_a.drawn import ON, lists, made

from fairhold.formats import annex_a
from fairhold.returns.annex_a import notes
from fairhold.returns.annex_a.making import FACTS, fact_tables, months_back
from fairhold.rulebook.domain import DrawnRow

LISTS = {
    "1 contacts": """
| contact: child | contact_date | source | list: Child Unique | Date of Contact | Contact Source |
|---|---|---|---|---|---|
| A | 2026-05-22 | 1A | | | |
| A | 2026-05-23 | 1A | A | 23/05/2026 | a) 1A |
| A | 2026-11-23 | 5D | A | 23/11/2026 | p1) 5D |
| A | 2026-11-24 | 6 | | | |
| B | 2026-06-01 | | B | 01/06/2026 | u) 10 |
| C | 2026-06-01 | 99 | C | 01/06/2026 | |
""",
    "1 who the child is": """
| people.birth: child | date_of_birth | sex | people.ethnicity: child | ethnicity | contact: child | contact_date | list: Child Unique | Gender | Ethnicity | Date of Birth | Age |
|---|---|---|---|---|---|---|---|---|---|---|---|
| A | 2016-11-23 | M | A | WBRI | A | 2026-06-01 | A | a) Male | a) WBRI | 23/11/2016 | 10 |
| B | 2016-11-24 | 2 | B | refu | B | 2026-06-01 | B | b) Female | s) REFU | 24/11/2016 | 9 |
| C | 2026-12-24 | U | C | XXXX | C | 2026-06-01 | C | c) Not stated/recorded | | 24/12/2026 | |
| D | | X | | | D | 2026-06-01 | D | | u) UNKNOWN | | |
| | | | | | E | 2026-06-01 | E | c) Not stated/recorded | u) UNKNOWN | | |
""",
    "2 early help": """
| early_help.episode: child | start_date | end_date | organisation | list: Child Unique | Assessment start | Assessment completion | Organisation |
|---|---|---|---|---|---|---|---|
| A | 2025-01-05 | 2026-05-22 | Hub | | | | |
| B | 2025-01-05 | 2026-05-23 | Hub | B | 05/01/2025 | 23/05/2026 | Hub |
| C | 2025-01-05 | | Hub | C | 05/01/2025 | | Hub |
| D | 2026-11-23 | 2026-11-30 | | D | 23/11/2026 | | |
| E | 2026-11-24 | | Hub | | | | |
""",
    "3 referrals": """
| staff: kind | number | name | need_episode: child | referral_date | referral_number | source | no_further_action | team_no | worker_no | list: Child Unique | Date of referral | Referral Source | Referral NFA? | Number of Referrals | Allocated Team | Allocated Worker |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
| team | T1 | Front door | A | 2025-11-22 | 1 | 6 | | | | | | | | | | |
| worker | W1 | Hari Dunmere | A | 2025-11-23 | 1 | 6 | | | | | | | | | | |
| | | | A | 2026-05-22 | 1 | 6 | true | | | | | | | | | |
| | | | A | 2026-05-23 | 1 | 6 | false | T1 | W1 | A | 23/05/2026 | q) 6 | b) No | 2 | Front door | Hari Dunmere |
| | | | B | 2026-11-23 | 1 | 1B | true | T9 | W9 | B | 23/11/2026 | b) 1B | a) Yes | 0 | T9 | W9 |
| | | | C | 2026-11-24 | 1 | 6 | true | | | | | | | | | |
| | | | D | 2026-07-01 | 1 | 6 | | | | D | 01/07/2026 | q) 6 | | 1 | | |
| | | | D | 2026-07-01 | 2 | 6 | | | | D | 01/07/2026 | q) 6 | | 1 | | |
""",
    "4 assessments": """
| disability: child | code | assessment: child | start_date | authorised_date | child_seen | no_further_action | list: Child Unique | Does the Child | Continuous Assessment Start | Child Seen | Continuous Assessment Date | Was the child |
|---|---|---|---|---|---|---|---|---|---|---|---|---|
| B | NONE | A | 2026-03-01 | 2026-05-22 | true | false | | | | | | |
| C | NONE | B | 2026-03-01 | 2026-05-23 | true | false | B | b) No | 01/03/2026 | a) Yes | 23/05/2026 | a) Yes |
| C | MOB | C | 2026-11-01 | | false | | C | a) Yes | 01/11/2026 | b) No | | |
| | | D | 2026-11-01 | 2026-11-23 | | true | D | c) Unknown | 01/11/2026 | c) Unknown | 23/11/2026 | b) No |
| | | E | 2026-11-23 | 2026-11-24 | true | false | E | c) Unknown | 23/11/2026 | a) Yes | | |
| | | F | 2026-11-24 | | true | false | | | | | | |
""",
    "4 the worker involved last stands in": """
| assessment: child | start_date | involvement: child | worker_no | team_no | started | ended | record_no | list: Child Unique | Allocated Team | Allocated Worker |
|---|---|---|---|---|---|---|---|---|---|---|
| A | 2026-11-01 | A | W1 | T1 | 2026-01-01 | 2026-06-01 | 1 | A | T2 | W2 |
| | | A | W2 | T2 | 2026-06-01 | 2026-12-24 | 2 | | | |
| | | A | W3 | T3 | 2026-11-24 | | 3 | | | |
""",
    "5 enquiries and conferences": """
| section_47: child | start_date | number | end_date | no_further_action | record_no | conference: child | s47_start_date | s47_number | conference_date | plan_agreed | list: Child Unique | Strategy | Was an Initial | Date of Initial | Did the Initial | Number of Section | Number of ICPCs |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
| A | 2025-06-01 | 1 | 2025-06-10 | true | 1 | | | | | | | | | | | | |
| A | 2025-06-02 | 1 | 2025-06-10 | false | 2 | A | 2025-06-02 | 1 | 2025-06-09 | true | | | | | | | |
| A | 2026-06-02 | 1 | 2026-06-16 | false | 3 | A | 2026-06-02 | 1 | 2026-06-16 | false | A | 02/06/2026 | b) No | 16/06/2026 | b) No | 1 | 1 |
| B | 2026-05-01 | 1 | 2026-05-22 | true | 4 | | | | | | | | | | | | |
| C | 2026-05-01 | 1 | 2026-05-23 | true | 5 | | | | | | C | 01/05/2026 | a) Yes | | | 0 | 0 |
| D | 2026-11-20 | 1 | | | 6 | | | | | | D | 20/11/2026 | | | | 0 | 0 |
| D | 2026-11-20 | 2 | | | 7 | D | 2026-11-20 | 2 | 2026-11-30 | true | D | 20/11/2026 | | | | 1 | 0 |
| E | 2026-11-24 | 1 | | | 8 | | | | | | | | | | | | |
""",
    "5 as the census tells it": """
| section_47: child | start_date | number | conference_date | conference_not_required | protection_plan: child | start_date | list: Child Unique | Strategy | Was an Initial | Date of Initial | Did the Initial |
|---|---|---|---|---|---|---|---|---|---|---|---|
| A | 2026-05-22 | 1 | | true | | | | | | | |
| B | 2026-05-23 | 1 | | true | | | B | 23/05/2026 | a) Yes | | |
| C | 2026-06-01 | 1 | 2026-06-12 | false | C | 2026-06-12 | C | 01/06/2026 | b) No | 12/06/2026 | a) Yes |
| D | 2026-06-01 | 1 | 2026-06-12 | | D | 2026-06-13 | D | 01/06/2026 | b) No | 12/06/2026 | c) Unknown |
""",
    "6 children in need": """
| people.birth: child | date_of_birth | need_episode: child | referral_date | closure_date | closure_reason | primary_need | no_further_action | assessment: child | start_date | authorised_date | cin_visit: child | visit_date | seen | list: Child Unique | CIN Start | Primary Need | Date Child | CIN Closure | Reason |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
| A | 2015-01-01 | A | 2025-01-01 | 2026-05-22 | RC7 | N1 | false | A | 2025-01-03 | 2025-02-01 | | | | | | | | | |
| B | 2015-01-01 | B | 2025-01-01 | 2026-05-23 | RC7 | N1 | false | B | 2025-01-03 | 2025-02-01 | B | 2026-05-20 | true | B | 01/01/2025 | N1 | 20/05/2026 | 23/05/2026 | RC7 |
| C | 2015-01-01 | C | 2026-10-01 | | | | false | C | 2026-10-02 | | B | 2026-05-22 | false | C | 01/10/2026 | N0 | 10/11/2026 | | |
| D | 2015-01-01 | D | 2026-10-01 | 2026-11-24 | RC8 | N5 | false | D | 2026-10-02 | 2026-11-20 | C | 2026-11-10 | true | D | 01/10/2026 | N5 | | | |
| E | 2015-01-01 | E | 2026-10-01 | | | N1 | true | E | 2026-10-02 | | C | 2026-11-24 | true | | | | | | |
| F | 2015-01-01 | F | 2026-10-01 | | | N1 | false | F | 2026-11-24 | | | | | | | | | | |
| G | 2015-01-01 | G | 2026-11-24 | | | N1 | false | G | 2026-11-24 | | | | | | | | | | |
| H | 2015-01-01 | H | 2025-06-01 | 2026-06-01 | RC1 | N1 | false | H | 2025-06-02 | 2025-06-20 | | | | | | | | | |
| | | H | 2026-08-01 | | | N2 | false | H | 2026-08-02 | | | | | H | 01/08/2026 | N2 | | | |
""",
    "6 care leavers of 18 are on list 9 alone": """
| people.birth: child | date_of_birth | need_episode: child | referral_date | cin_plan: child | start_date | leaving_care: child | eligibility | list: Child Unique |
|---|---|---|---|---|---|---|---|---|
| A | 2008-11-23 | A | 2026-01-01 | A | 2026-01-05 | A | Former Relevant | |
| B | 2008-11-24 | B | 2026-01-01 | B | 2026-01-05 | B | Eligible | B |
| C | 2008-11-23 | C | 2026-01-01 | C | 2026-01-05 | | | C |
""",
    "7 child protection": """
| protection_plan: child | start_date | number | end_date | initial_category | latest_category | previous_plans | other_authority | list: Child Unique | Child Protection Plan Start | Initial | Latest | Child Protection Plan End | Number of Previous |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
| A | 2026-01-01 | 1 | 2026-05-22 | NEG | NEG | 0 | | | | | | | |
| B | 2026-01-01 | 1 | 2026-05-23 | NEG | MUL | 3 | | B | 01/01/2026 | a) Neglect | e) Multiple/not recommended | 23/05/2026 | 3 |
| C | 2024-01-01 | 1 | 2024-06-01 | PHY | PHY | | | | | | | | |
| C | 2026-01-01 | 1 | 2026-06-01 | PHY | PHY | | false | | | | | | |
| C | 2026-11-23 | 1 | 2026-11-24 | SAB | EMO | 1 | false | C | 23/11/2026 | c) Sexual abuse | d) Emotional abuse | | 2 |
| D | 2026-11-24 | 1 | | NEG | NEG | 0 | | | | | | | |
| E | 2026-06-01 | 1 | | NEG | NEG | 0 | true | | | | | | |
""",
    "7 visits, reviews and orders": """
| protection_plan: child | start_date | number | protection_visit: child | visit_date | seen_alone | record_no | protection_review: child | review_date | plan_start_date | plan_number | legal_status: child | status | started | ended | list: Child Unique | Date of the Last | Was the Child Seen | Date of latest review | Subject to |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
| A | 2026-06-01 | 1 | A | 2026-11-01 | false | 1 | A | 2026-08-20 | 2026-06-01 | 1 | A | L1 | 2026-05-20 | 2026-05-22 | A | 23/11/2026 | c) Unknown | 20/08/2026 | b) No |
| B | 2026-06-01 | 1 | A | 2026-11-23 | | 2 | A | 2026-12-20 | 2026-06-01 | 1 | B | L2 | 2026-05-20 | 2026-05-23 | B | | | | a) Yes |
| C | 2026-06-01 | 1 | A | 2026-11-24 | true | 3 | C | 2025-08-20 | 2025-06-01 | 1 | C | C2 | 2026-05-20 | | C | | | | b) No |
""",
    "8 who is in care": """
| episode: child | started | rne | ended | end_reason | legal_status | list: Child Unique | Date Started | Start date of current | Child's Legal | Date Ceased | Reason | Is this a second |
|---|---|---|---|---|---|---|---|---|---|---|---|---|
| A | 2025-01-01 | S | 2026-05-22 | E4A | V2 | | | | | | | |
| B | 2025-01-01 | S | 2026-05-23 | E4A | V2 | B | 01/01/2025 | 01/01/2025 | V2 | 23/05/2026 | E4A | b) No |
| C | 2025-01-01 | S | 2026-11-23 | E4A | C2 | C | 01/01/2025 | 01/01/2025 | C2 | 23/11/2026 | E4A | b) No |
| D | 2026-11-23 | S | 2026-11-24 | E4A | C2 | D | 23/11/2026 | 23/11/2026 | C2 | | | b) No |
| E | 2026-11-24 | S | | | C2 | | | | | | | |
| F | 2025-01-01 | S | 2025-03-01 | X1 | C1 | F | 01/01/2025 | 01/03/2025 | C2 | | | b) No |
| F | 2025-03-01 | L | 2025-06-01 | X1 | C2 | | | | | | | |
| F | 2025-06-01 | P | | | C2 | | | | | | | |
| G | 2025-01-01 | S | 2025-11-22 | E4A | V2 | G | 01/02/2026 | 01/02/2026 | C1 | | | b) No |
| G | 2026-02-01 | S | | | C1 | | | | | | | |
| H | 2025-01-01 | S | 2025-11-23 | E4A | V2 | H | 01/02/2026 | 01/02/2026 | C1 | | | a) Yes |
| H | 2026-02-01 | S | | | C1 | | | | | | | |
| I | 2026-02-01 | S | | | V4 | | | | | | | |
""",
    "8 stays and the placement of today": """
| episode: child | started | rne | ended | end_reason | placement | provider | urn | care_address: child | started | rne | placement_postcode | place: postcode | authority | inside | list: Child Unique | Number of Placements | Start Date of Most | Placement Type | Placement Provider | Placement postcode | URN | Placement Location | LA of |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
| A | 2025-01-01 | S | 2025-11-22 | X1 | U6 | PR1 | | A | 2026-10-01 | L | E1 9ZZ | E1 9ZZ | Elsewhere | false | A | 2 | 01/09/2026 | K2 | PR4 | E1 9ZZ | SC9 | b) Out | Elsewhere |
| A | 2025-11-22 | P | 2026-04-01 | X1 | U6 | PR1 | | B | 2026-01-01 | S | E4 9ZZ | E4 9ZZ | Home | true | B | 1 | 01/01/2026 | | | E4 9ZZ | | a) In | Home |
| A | 2026-04-01 | P | 2026-09-01 | X1 | K2 | PR4 | SC1 | | | | | | | | | | | | | | | | |
| A | 2026-09-01 | T | 2026-10-01 | X1 | K2 | PR4 | SC9 | | | | | | | | | | | | | | | | |
| A | 2026-10-01 | L | | | K2 | PR4 | SC9 | | | | | | | | | | | | | | | | |
| B | 2026-01-01 | S | | | Q9 | | | | | | | | | | | | | | | | | | |
""",
    "8 as an extract tells it": """
| episode: child | started | rne | placement_no | entered_care | officer_contact | legal_status: child | status | started | ended | placement: child | record_no | placement | provider | placement_address: child | record_no | postcode | list: Child Unique | Date Started | Child's Legal | Placement Type | Placement Provider | Placement postcode | Date of Last IRO |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
| A | 2026-01-01 | L | P1 | 2024-05-05 | 2026-11-02 | A | C1 | 2025-01-01 | 2025-12-31 | A | P1 | U1 | PR1 | A | P1 | AA1 1AA | A | 05/05/2024 | C2 | U1 | PR1 | AA1 1AA | 02/11/2026 |
| B | 2026-01-01 | S | P2 | | | A | C2 | 2025-12-31 | | | | | | | | | | | | | | | |
| | | | | | | B | V3 | 2026-01-01 | | | | | | | | | | | | | | | |
""",
    "8 what was done for the child": """
| episode: child | started | rne | legal_status | review: child | review_date | cancelled | care_visit: child | visit_date | health_check: child | kind | check_date | status | permanence_plan: child | started | options | list: Child Unique | Date of Latest | Date of Last Social | Date of Last Health | Date of Last Dental | What is |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
| A | 2026-01-01 | S | C2 | A | 2026-09-01 | | A | 2026-11-23 | A | Health Assessment | 2026-03-01 | Completed | A | 2026-02-01 | {"RETURN6M": "Y"} | A | 01/09/2026 | 23/11/2026 | 01/03/2026 | 02/05/2026 | b) Adoption |
| B | 2026-01-01 | S | C2 | A | 2026-10-01 | true | A | 2026-11-24 | A | Health Assessment | 2026-04-01 | Refused | A | 2026-08-01 | {"RETURN6M": "N", "LTFOST18": "Y", "ADOPTION": "Y"} | B | | | | | |
| | | | | B | 2025-12-31 | | B | 2025-12-31 | A | Dental Check | 2026-05-02 | Completed | B | 2026-11-24 | {"ADOPTION": "Y"} | | | | | | |
""",
    "8 missing, return interviews, came alone": """
| episode: child | started | rne | missing: child | mis_start | kind | mis_end | number | interview_offered | interview_accepted | immigration_status: child | status | started | ended | list: Child Unique | Number of Episodes the Child has been 'Missing' | Number of Episodes the Child has been 'Absent' | Was the child offered | Did the child | Unaccompanied |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
| A | 2024-01-01 | S | A | 2025-11-22 | M | 2025-11-23 | 1 | Y | Y | A | UASC | 2024-01-01 | 2025-11-22 | A | 2 | 1 | b) No | | b) No |
| B | 2024-01-01 | S | A | 2025-11-23 | M | 2025-11-24 | 1 | Y | Y | B | UASC | 2024-01-01 | 2025-11-23 | B | 0 | 0 | | | a) Yes |
| | | | A | 2026-10-01 | M | 2026-10-02 | 1 | N | NA | | | | | | | | | | |
| | | | A | 2026-11-01 | A | | 1 | Y | Y | | | | | | | | | | |
| | | | A | 2026-11-24 | M | | 1 | Y | Y | | | | | | | | | | |
""",
    "9 leaving care": """
| people.birth: child | date_of_birth | leaving_care: child | eligibility | in_touch | accommodation | suitable | activity | latest_contact | adviser | staff: kind | number | name | uasc: child | ended | list: Child Unique | Eligibility | LA in | Latest Date | Type | Suitability | Activity | Allocated Personal | Unaccompanied |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
| A | 2007-01-01 | A | Former Relevant | YES | B | 1 | F2 | 2026-11-23 | P1 | worker | P1 | Alma Ashgrove | A | 2025-01-01 | A | b) Former relevant | a) Yes | 23/11/2026 | B | a) Suitable | F2 | Alma Ashgrove | a) Yes |
| B | 2009-01-01 | B | Eligible | RHOM | K2 | | G5 | 2026-11-24 | | | | | B | 2025-01-01 | B | d) Eligible | f) Rhom | | K | b) Unsuitable | G5 | | b) No |
| C | 2009-01-01 | C | Relevant child | NO | Q | 9 | A1 | | | | | | C | | C | a) Relevant | b) No | | | | | | a) Yes |
| | | D | No current eligibility | YES | B | 1 | F2 | | | | | | | | | | | | | | | | |
| | | E | Qualifying care leaver | YES | B | 1 | F2 | | | | | | | | E | c) Qualifying | a) Yes | | B | a) Suitable | F2 | | b) No |
""",
    "10 adoption": """
| permanence: child | decision_date | reversed_date | reversed_reason | order_date | order_type | matched_date | placed_date | list: Child Unique | Date of Decision that Child Should be | Date of Matching | Date Placed | Date of Adoption Order | Date of Decision that Child Should No | Reason |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
| A | 2025-01-01 | | | 2025-11-22 | Adoption | | | | | | | | | |
| B | 2025-01-01 | | | 2025-11-23 | Adoption | 2025-05-01 | 2025-06-01 | B | 01/01/2025 | 01/05/2025 | 01/06/2025 | 23/11/2025 | | |
| C | 2025-01-01 | 2025-11-22 | RD1 | | | | | | | | | | | |
| D | 2025-01-01 | 2025-11-23 | RD3 | | | | | D | 01/01/2025 | | | | 23/11/2025 | RD3 |
| E | 2021-01-01 | | | | | | | E | 01/01/2021 | | | | | |
| F | 2026-11-24 | | | | | | | | | | | | | |
| G | 2026-01-01 | 2026-11-24 | RD1 | | | 2026-11-24 | | G | 01/01/2026 | | | | | |
| H | | | | 2026-01-01 | SGO | | | | | | | | | |
""",
    "10 as the return tells it": """
| episode: child | started | rne | ended | end_reason | placement | adoption: child | date_int | date_match | placed_adoption: child | date_placed | date_ceased | reason_ceased | list: Child Unique | Date the Child Entered | Date of Decision that Child Should be | Date of Matching | Date Placed | Date of Adoption Order | Date of Decision that Child Should No | Reason |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
| A | 2025-01-01 | S | 2025-09-01 | X1 | U5 | A | 2025-03-01 | 2025-08-01 | A | 2025-03-01 | | | A | 01/01/2025 | 01/03/2025 | 01/08/2025 | 01/09/2025 | 01/02/2026 | | |
| A | 2025-09-01 | P | 2026-02-01 | E11 | A6 | | | | B | 2025-03-01 | 2026-01-01 | RD2 | B | 01/01/2025 | 01/03/2025 | | | | 01/01/2026 | RD2 |
| B | 2025-01-01 | S | | | U6 | | | | | | | | | | | | | | | |
""",
}


@pytest.mark.parametrize("name", LISTS)
def test_facts_become_the_rows_that_are_drawn(name: str) -> None:
    found, wanted = made(LISTS[name], name.split()[0])
    assert found == wanted


# Case status: what holds on the day, and what the child then is. The first that holds counts.
STATUS = ("a) Looked after child", "b) Child Protection plan", "c) Child in need plan", "d) Open assessment")


@pytest.mark.parametrize("holds", list(product((True, False), repeat=5)))
def test_case_status_is_the_first_that_holds(holds: tuple[bool, ...]) -> None:
    in_care, protected, planned, assessed, closed = holds
    rows = [
        DrawnRow("people.birth", {"child": "A", "date_of_birth": "2015-01-01"}, ()),
        DrawnRow(
            "need_episode",
            {"child": "A", "referral_date": "2026-01-01"} | ({"closure_date": "2026-11-01"} if closed else {}),
            (),
        ),
        DrawnRow("episode", _item("started", "ended", on_the_day=in_care) | {"rne": "S", "end_reason": "E8"}, ()),
        DrawnRow("protection_plan", _item("start_date", "end_date", on_the_day=protected), ()),
        DrawnRow("cin_plan", _item("start_date", "end_date", on_the_day=planned), ()),
        DrawnRow("assessment", _item("start_date", "authorised_date", on_the_day=assessed), ()),
    ]
    held = [status for status, holds_too in zip(STATUS, holds, strict=False) if holds_too]
    status = held[0] if held else "e) Closed episode" if closed else ""
    list_6 = lists(rows)["6"]
    (row,) = list_6.rows
    assert row[list_6.of.names.index("Case Status")] == status
    assert ("Case Status" in list_6.blank_though_required()) == (status == "")


def _item(began: str, ended: str, *, on_the_day: bool) -> dict[str, str]:
    """Something that began in the spring, and ended on the day of the inspection if it does not hold on it."""
    return {"child": "A", began: "2026-03-01"} | ({} if on_the_day else {ended: ON.isoformat()})


@pytest.mark.parametrize(
    ("born", "status"), [("2008-11-24", "a) Looked after child"), ("2008-11-23", "c) Child in need plan")]
)
def test_nobody_of_18_is_a_looked_after_child(born: str, status: str) -> None:
    rows = [
        DrawnRow("people.birth", {"child": "A", "date_of_birth": born}, ()),
        DrawnRow("need_episode", {"child": "A", "referral_date": "2026-01-01"}, ()),
        DrawnRow("episode", {"child": "A", "started": "2026-01-01", "rne": "S"}, ()),
        DrawnRow("cin_plan", {"child": "A", "start_date": "2026-01-01"}, ()),
    ]
    list_6 = lists(rows)["6"]
    assert [row[list_6.of.names.index("Case Status")] for row in list_6.rows] == [status]


def test_a_code_that_is_in_no_list_is_left_blank_and_counted() -> None:
    rows = [DrawnRow("contact", {"child": "A", "contact_date": "2026-06-01", "source": "99"}, ())]
    list_1 = lists(rows)["1"]
    assert list_1.outside == {"Contact Source": 1}
    said = [note.text for note in notes.told({"1": list_1}, places=True) if note.standing == notes.COUNTED]
    assert said == [
        "1 row is blank: the record's value is none of the column's codes.",
        "1 row is blank although the list asks for a value.",
    ]


@pytest.mark.parametrize(
    ("day", "months", "back"),
    [
        (date(2026, 11, 23), 6, date(2026, 5, 23)),
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2028, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2026, 1, 1), 12, date(2025, 1, 1)),
    ],
)
def test_months_are_counted_back_to_the_same_day_or_the_months_last(day: date, months: int, back: date) -> None:
    assert months_back(day, months) == back
    rows = [DrawnRow("contact", {"child": "A", "contact_date": back.isoformat()}, ())]
    assert len(lists(rows, day)["1"].rows) == (months <= 6)


def test_every_column_is_made_or_said_to_be_not_held() -> None:
    con_lists = lists([])
    for key, one in con_lists.items():
        assert one.rows == []
        named = {note.column for note in notes.standing() if note.list == key}
        assert named <= {"", *annex_a.lists()[key].names}
    unheld = {(note.list, note.column) for note in notes.standing() if note.standing == notes.NOT_HELD}
    assert unheld == {("10", "Family identifier")}


def test_every_fact_table_named_is_in_the_catalogue() -> None:
    assert set(fact_tables()) == set(FACTS)
