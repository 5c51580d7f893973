"""The first English texts."""

from cms.portal.texts import News, Text, Words
from cms.portal.texts.english_help import HELP


def _link(label: str, place: str) -> dict[str, str | None]:
    return {"label": label, "page": None, "place": place}


HERO = {
    "heading": "From the laboratory\nto the workshops of Ouhai",
    "lead": "Find technology, offer results, post needs, bid and register contracts in one place. "
    "Each page says who acts next and by when.",
    "placeholder": "Describe the problem, such as: smart lock power",
    "words": ["low power", "valve", "lens", "plating"],
    "with_stream": True,
}

DOORS = [
    {
        "audience": "For companies",
        "main": _link("I need technology", "need-new"),
        "sentence": "Write down the problem and the figures. A liaison officer checks them; matches come with reasons.",
        "links": [_link("Post a need", "need-new"), _link("Search outcomes", "outcome-list")],
    },
    {
        "audience": "For universities and institutes",
        "main": _link("I have results to transfer", "outcome-new"),
        "sentence": "Enter it once: review, bidding and registration all use the same record. Bulk import included.",
        "links": [
            _link("Publish an outcome", "outcome-new"),
            _link("Bulk import", "import-new"),
            _link("Register a contract", "contract-create"),
        ],
    },
    {
        "audience": "For licensed brokers",
        "main": _link("I bring both sides together", "desk"),
        "sentence": "Tasks, talks and contracts in one place. Your certificate can be verified on the spot.",
        "links": [_link("Register of brokers", "broker-list"), _link("Verify a certificate", "verify")],
    },
    {
        "audience": "For bidders",
        "main": _link("I want to bid", "session-list"),
        "sentence": "Register by name; your bidder number comes once the deposit is in. Bids count when they reach us.",
        "links": [_link("Sessions and lots", "session-list"), _link("My registrations", "registration-list")],
    },
]

ABOUT = """
<p>The Ouhai Technology Transfer Marketplace is run by the Ouhai Science and Technology Bureau for companies,
universities, institutes, technology brokers and bidders. There is no listing fee and no commission.</p>
<h2>What can be done here</h2>
<ul><li>Institutes publish research outcomes after review by their own house and the district.</li>
<li>Companies post technology needs after a check by a liaison officer and the district.</li>
<li>The platform proposes matches and gives its reasons; when both sides accept, talks begin.</li>
<li>Prices are agreed, listed, or found by bidding in Ou Auction (瓯来拍).</li>
<li>Technology contracts are submitted online, reviewed by a registrar and given a registration number.</li></ul>
<h2>Where the figures come from</h2>
<p>Every figure on the home page and the board is computed from the records of the platform; none is typed in.
The numbers of outcomes, needs and lots can be checked in the public lists of <a href="/en/outcomes/">outcomes</a>,
<a href="/en/needs/">needs</a> and <a href="/en/lots/">lots</a>; the records behind the other figures concern contracts
and their parties, and are read by supervisors and auditors.</p>
<h2>Who sees what</h2>
<p>Public parts are for everybody. Confidential parts are open to the owner, to reviewers, and to organisations that
signed a confidentiality agreement. Every reading is recorded.</p>
"""

RULES = """
<p>These are the general rules of Ou Auction (瓯来拍). Where the announcement of a session says otherwise, the
announcement holds. The Chinese text is authoritative.</p>
<h2>1. Form</h2>
<p>Sessions announced as open bidding (竞价) are a public search for a transferee by the seller. Sessions announced as
auctions (拍卖) are held by a licensed company and auctioneer under the Auction Law.</p>
<h2>2. Registration and deposit</h2>
<ul><li>The agent of an organisation registers and declares to have read the announcement and the known defects.</li>
<li>The deposit is paid in time from an account of the organisation; once it is in, a bidder number is given.</li>
<li>Only bidder numbers are shown during bidding, never names.</li>
<li>Losers' refunds are begun on the day of the result, and where one deposit stands for a whole session, once no other
lot needs it; the winner's counts towards the price.</li></ul>
<h2>3. Bids</h2>
<ul><li>As a rule bids go up: each adds at least the announced minimum raise; any higher amount may be bid.</li>
<li>Lots announced with sealed bids take one bid from each, from the start price on. Nobody reads it before the end, and
until then it can be replaced or withdrawn; at the end all are opened together and the highest wins.</li>
<li>The time of arrival at the server counts, to the millisecond; first come, first served.</li>
<li>An open bid cannot be withdrawn.</li>
<li>Every bid is answered with a signed receipt that can be checked later.</li></ul>
<h2>4. Extension</h2>
<p>A bid within the last five minutes moves the end to five minutes after it, until nobody bids for five minutes.
An announcement may limit how often. Sealed bidding is not extended.</p>
<h2>5. Reserve</h2>
<p>A reserve is sealed before the announcement, which publishes its checksum. If the highest bid stays below, the lot is
not sold. After the result the reserve is opened and anybody can compare it with the checksum.</p>
<h2>6. After the sale</h2>
<ul><li>The buyer confirms and signs the technology contract within the announced term.</li>
<li>Without good reason not to sign, the deposit is dealt with as announced and the lot may be offered again.</li>
<li>Results that the law wants published take effect when publicity ends without objection.</li></ul>
<h2>7. Suspension and objections</h2>
<p>On a technical fault or a dispute about rights, bidding may be suspended; the remaining time is kept. Objections are
made while the result is in publicity (five working days, unless announced otherwise): signed in, on its
<a href="/en/publicity/">page there</a>, with reasons and evidence. Who cannot do so may hand them in on paper; staff
enter them.</p>
"""

TRIAL = """
<p>“Trial first” (先用后转) means that an institute licenses an outcome to a company for a trial; the company uses and
tests it, and then decides whether to pay for a transfer or a licence.</p>
<h2>Which outcomes</h2>
<p>Usually there is a prototype or a pilot, and the company wants to test it on its own line. The owner puts the outcome
into the pool of trials and lays down the terms of the trial and the price of conversion in advance.
<a href="/en/outcomes/?trial_first=yes">See the outcomes a trial can be asked for now</a>.</p>
<h2>How it goes</h2>
<ol><li>Ask: a company signs in, opens the outcome's page, reads the terms and asks for a trial: what for, where, at
what scale, and by which criteria it will judge.</li>
<li>Answer: the institute approves, or refuses with its reason.</li>
<li>Contract: both confirm the trial contract here, with its duties of confidentiality and return. Where the terms
require insurance, the policy is entered first.</li>
<li>Begin: the institute hands over and begins the trial. Milestones and support are written down; who needs more time
asks for an extension.</li>
<li>Report: the company judges criterion by criterion.</li>
<li>Convert or end: if it fits, a paid contract follows in the way and at the price of the terms, and is registered; a
price agreed only after the trial is published before. If not, use ends, the reason is written down, and both confirm
the return of materials.</li></ol>
<h2>Four things to settle first</h2>
<ul><li>How long the trial lasts, and who reminds whom.</li><li>Which indicators decide.</li>
<li>What is paid, and when.</li><li>Who may see confidential documents.</li></ul>
<p>Who answers for faults and accidents during the trial is no term of the platform and stands in no trial contract: the
terms may require insurance, and the two sides settle the rest in writing between them.</p>
"""

ACCESSIBILITY = """
<p>We want everybody to be able to use this platform. Pages are designed to WCAG 2.2 level AA, with regard to
GB/T 37668.</p>
<h2>What works</h2>
<ul><li>Everything can be done by keyboard, with visible focus.</li>
<li>Pages have headings and landmarks, fields have labels, errors stand beside their field.</li>
<li>Words or shapes repeat what colours say.</li><li>200 % zoom and screens of 320 px lose nothing.</li>
<li>Light and dark colours follow the system or your choice.</li>
<li>With reduced motion nothing moves.</li></ul>
<h2>What does not work well yet</h2>
<ul><li>Uploaded attachments are made by their organisations; not all can be read by a screen reader.</li>
<li>The live page of a lot announces only changes of price and the last points in time.</li></ul>
<h2>If you meet a barrier</h2>
<p>Tell us the page, the software and the problem (see Contact). We answer within five working days and offer another
way where needed.</p>
"""

CONTACT = """
<p>Technology transfer desk of the Ouhai Science and Technology Bureau. Terms are counted
in working days by the official Chinese calendar.</p>
<h2>Comments and objections</h2>
<ul><li>Comments on the platform: name the page and the problem; a screenshot helps.</li>
<li>Objections to a publication or a result: while it is in publicity (results of bidding: five working days,
unless announced otherwise), signed in, on its <a href="/en/publicity/">page there</a>, with reasons and evidence. Who
cannot do so may hand them in on paper, signed or sealed; staff enter them.</li>
<li>Access to, correction and deletion of personal data: see the <a href="/en/privacy/">privacy notice</a>.</li></ul>
"""

NEWS = [
    News(
        "contract-registration-materials",
        "Registering a technology contract: what to prepare",
        "Check this list first; it saves a return for completion.",
        "<p>The seller (developer, assignor, licensor, consultant or service provider) submits the contract.</p>"
        "<ul><li>A scan of the signed and sealed contract, all pages, readable.</li>"
        "<li>The amount by items; equipment and material are listed apart from technology.</li>"
        "<li>Name and credit code of the buyer as in its business licence.</li>"
        "<li>Contracts between related parties are marked as such.</li></ul>"
        "<p>The term runs from the day the material is complete; the contract's page shows where it stands.</p>",
        days_ago=4,
        kind="policy",
        source="Ouhai Science and Technology Bureau",
    ),
    News(
        "indicators-in-needs",
        "Needs with figures find better matches",
        "A good need names at least one indicator that can be measured.",
        "<p>The platform looks for outcomes by problem, industry, indicators and budget. “Static current at most "
        "20 µA” finds more than “low power”.</p>"
        "<p>A need may be published without your name. Only organisations that signed a confidentiality agreement "
        "learn who stands behind it.</p>",
        days_ago=11,
        source="Ouhai Science and Technology Bureau",
    ),
    News(
        "marketplace-opens",
        "The marketplace is open",
        "Outcomes, needs, bidding and contract registration in one place.",
        "<p>Institutes enter outcomes one by one or import them; companies post needs and receive matches with "
        "reasons; brokers are found in the register; bidding in Ou Auction leaves a record that can be checked.</p>"
        "<p>Register your organisation first. Questions are answered under Help; the Contact page says how to reach "
        "us.</p>",
        days_ago=20,
        kind="notice",
        source="Ouhai Science and Technology Bureau",
    ),
]

ENGLISH = Words(
    home_title="Home",
    home=[
        ("hero", HERO),
        ("doors", {"doors": DOORS}),
        ("auction", {}),
        ("newest", {"rows": 5}),
        ("clusters", {}),
        ("figures", {}),
        ("news", {"rows": 3}),
    ],
    news_title="Policy and news",
    news_introduction="Changes of requirements, coming sessions, and what is new here.",
    news=NEWS,
    pages=[
        Text("about", "About the platform", "Who runs it, what it does, where its figures come from.", ABOUT),
        Text("rules", "Rules of Ou Auction", "Registration, bids, extension, sale and objections.", RULES),
        Text("trial-first", "Trial first", "Use it first; pay when it works.", TRIAL),
        Text("help", "Help", "From signing up to bidding and registering a contract.", HELP),
        Text("contact", "Contact", "Telephone, address, office hours, comments and objections.", CONTACT),
        Text("accessibility", "Accessibility", "What we do so that everybody can use this platform.", ACCESSIBILITY),
    ],
)
