"""The first help page in English."""

HELP = """
<h2>How to begin</h2>
<ol><li>Register with an e-mail address or a user name and agree to the <a href="/en/privacy/">privacy notice</a>.</li>
<li>Register your organisation, or ask to join one.</li>
<li>The district checks the unified social credit code and the other facts, usually within five working days.</li>
<li>Then the organisation may publish outcomes, post needs, bid and register contracts.</li></ol>
<h2>Acting for several organisations</h2>
<p>Open the menu under your name and choose for whom you act. The platform records who acted, and for whom.</p>
<h2>Bidding in Ou Auction, step by step</h2>
<p>The announcement of a session holds its terms; where it says otherwise than this page, the announcement holds. The
<a href="/en/rules/">general rules of Ou Auction</a> say more.</p>
<ol><li>Look: <a href="/en/auctions/">sessions and lots</a>; read the announcement, the known defects and, on the days
of viewing, the data room of a lot. Who needs a look at the thing itself books with the contact of the
announcement.</li>
<li>Apply: the bidder’s agent of a verified organisation opens the lot and applies, with the papers that are asked for
and the declaration, until the registration ends.</li>
<li>Pay the deposit: once the papers are accepted, the page of your application names the account, the amount and the
reference, and until when it must have arrived, from an account of your organisation.</li>
<li>Get your number: once the deposit is in, you get a bidder number. Bids are published under it, never under a name.
<a href="/en/auctions/registrations/">Your applications</a> show where each stands.</li>
<li>Bid: on the page of the lot. Each bid adds at least the minimum raise, counts when it reaches the platform, cannot
be withdrawn, and is answered with a signed receipt. Lots with sealed bids take one bid, which can be replaced or
withdrawn until the end.</li>
<li>Extension: a bid in the last minutes that the announcement names moves the end; it may limit how often. Sealed
bids are not extended.</li>
<li>Result: the page of the lot says at once whether it is sold and for how much. The sale is then confirmed, its
result stands in <a href="/en/publicity/">publicity</a>, and buyer and seller go on to the contract in their
deal.</li>
<li>Refund: losers’ refunds are begun on the day of the result, or, where one deposit stands for the whole session,
once no other lot needs it. The buyer’s deposit counts towards the price. A buyer who does not sign loses it.</li>
<li>Objections: while the result is in publicity, signed in, on its page there, with reasons and evidence; on
paper, staff enter them. A buyer whose default was declared can appeal from the page of its application.</li></ol>
<h2>For technology brokers</h2>
<ul><li>Filing: apply under <a href="/en/brokers/applications/">applications of brokers</a> with a scan of the
certificate. An officer checks it, asks for what is missing, and files; before it ends, a renewal is applied for.</li>
<li>Leads: who brought a need, an outcome or an organisation files that under
<a href="/en/brokers/leads/">leads</a>, with evidence, before anything is signed. The time is the platform’s. The party
it concerns confirms or declines. A declined lead is filed again only after some days, or with new evidence.</li>
<li>Protection: one record has one confirmed lead at a time. Once confirmed it stands in
<a href="/en/publicity/">publicity</a>; whoever brought it first objects there, with evidence. Broker and party are
told of an objection and may each reply once, then an officer decides. Without an upheld objection the lead
stands.</li>
<li>Appointment: a party of a deal names its broker, and the broker of one side works for the other only with the
consent of both.</li>
<li>Fee and reward: what a party pays its broker is agreed between them. The district’s reward is claimed on a lead that
was filed on a day before the contract was signed, once that contract is registered; rate and caps are those of the
district’s rule of the day.</li>
<li>Evaluation: after the year ends, the district computes the figures of each broker, the broker may comment, and then
they become final. The parties’ marks count in it.</li>
<li>Leaving: a broker may leave a deal, and a party may release its broker; what was filed and recorded until then
stays.</li></ul>
<h2>Why an outcome was returned</h2>
<p>The comments stand above the form and name the fields. Correct them and send it again; nothing you typed is lost.</p>
<h2>Lost password or phone</h2>
<p>The sign-in page resets a password by mail. Without your second factor, sign in with a recovery code; without those,
contact us, and we reset it after checking who you are.</p>
<h2>Verifying certificates and numbers</h2>
<p>Enter the code of a certificate on the page “Verify a certificate”, or scan its QR code. No sign-in is needed.</p>
"""
