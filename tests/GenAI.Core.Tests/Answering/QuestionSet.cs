namespace GenAI.Core.Tests.Answering;

/// <summary>A small corpus about unrelated things, with questions that it answers, the words that the answer must have, and questions that it does not answer.</summary>
internal static class QuestionSet
{
    public static IReadOnlyList<Document> Documents { get; } =
    [
        new()
        {
            Id = "leave.md",
            Title = "Leave policy",
            Text = """
            # Leave policy

            ## Annual leave

            Full-time employees receive 28 days of paid annual leave each calendar year. Up to five unused days may be carried over until 31 March of the following year. Requests must be approved by your line manager at least two weeks in advance.

            ## Sick leave

            If you are ill, tell your manager before 10:00 on the first day. A doctor's note is required from the fourth day of absence. Sick pay covers full salary for six weeks.

            ## Parental leave

            New parents can take up to 52 weeks of leave. The first 18 weeks are fully paid.
            """,
        },
        new()
        {
            Id = "refunds.md",
            Title = "Refunds and returns",
            Text = """
            # Refunds and returns

            Items can be returned within 30 days of delivery if they are unused and in their original packaging. Refunds are sent to the original payment method and usually arrive within five business days.

            Shipping fees are not refunded unless the item was faulty. Gift cards and personalised products cannot be returned.

            To start a return, open your order page and choose "Return item". Print the label and drop the parcel at any post office.
            """,
        },
        new()
        {
            Id = "router.md",
            Title = "RX-200 router manual",
            Text = """
            # RX-200 quick start

            The RX-200 is a dual-band wireless router for homes and small offices. It supports up to 64 connected devices.

            To reset the router to factory settings, hold the recessed button on the back for ten seconds until the power light blinks red. All settings, including the Wi-Fi password, are erased.

            The default administrator password is printed on the label underneath the device. Change it after the first login.

            If the internet light stays orange, the router cannot reach your provider. Restart the modem first, wait two minutes, and then restart the router.

            The warranty lasts two years from the date of purchase.
            """,
        },
        new()
        {
            Id = "volcano.txt",
            Title = "Mount Kessel",
            Text = """
            Mount Kessel is a stratovolcano in the northern highlands. It rises 3,412 metres above sea level and last erupted in 1907. The eruption destroyed the village of Arnholt, but nobody died because the villagers had been evacuated two days earlier.

            The mountain was first climbed in 1838 by Johanna Rieder, a botanist who was collecting alpine plants. Today about 9,000 hikers reach the summit each year. The most popular trail starts at the Lindau hut.

            Snow covers the upper slopes from October to June. Because of avalanches, the northern trail is closed in winter.
            """,
        },
        new()
        {
            Id = "backup.md",
            Title = "Backup service operations",
            Text = """
            # Backup service

            Backups run every night at 02:30 UTC and are kept for 35 days. Each backup is encrypted with AES-256 before it leaves the server.

            ## Restoring

            Run `bkctl restore --snapshot ID` on the target host. A restore of 100 GB takes about twenty minutes. The service must be stopped while a restore is running, otherwise files may be left half-written.

            ## Monitoring

            If a backup fails twice in a row, the on-call engineer is paged. Failures are listed on the dashboard under "Jobs".

            | Plan | Storage | Price per month |
            |---|---|---|
            | Basic | 100 GB | 9 EUR |
            | Team | 1 TB | 49 EUR |
            | Business | 10 TB | 299 EUR |
            """,
        },
        new()
        {
            Id = "bread.txt",
            Title = "Country loaf",
            Text = """
            Country loaf

            Mix 500 g of strong flour, 350 g of water, 10 g of salt and 100 g of sourdough starter. Let the dough rest for thirty minutes, then fold it four times at half-hour intervals.

            Bake the loaf at 240 degrees Celsius for 20 minutes with the lid on, and for another 25 minutes without it. Let the bread cool for an hour before slicing, or the crumb will be gummy.

            A starter should be fed the evening before baking. It is ready when it has doubled in size and a spoonful floats in water.
            """,
        },
        new()
        {
            Id = "api.md",
            Title = "Orders API",
            Text = """
            # Orders API

            Every request needs an API key in the `X-Api-Key` header. Keys are created in the developer console and expire after 90 days.

            ## Rate limits

            Clients may send 120 requests per minute. When the limit is exceeded the server answers with status 429 and a `Retry-After` header that says how many seconds to wait.

            ## Pagination

            Lists return at most 200 records. Pass the `cursor` value of the previous response to get the next page. An empty cursor means that there are no more records.

            ## Errors

            Error bodies are JSON objects with a `code` and a `message`. Code 1001 means that the customer does not exist. Code 1002 means that the order is already shipped and cannot be changed.
            """,
        },
        new()
        {
            Id = "library.txt",
            Title = "Riverside Library",
            Text = """
            Riverside Library is open from Monday to Friday between 9 a.m. and 8 p.m., and on Saturdays until 4 p.m. It is closed on Sundays and public holidays.

            Membership is free for residents; visitors pay 15 dollars a year. You can borrow up to twelve books at a time for three weeks. Loans can be renewed twice unless another reader has reserved the book.

            The fine for late books is 20 cents a day, up to a maximum of ten dollars. Lost books must be replaced or paid for.

            The building was designed by architect Mara Lindqvist and opened in 1974. The reading room on the third floor has space for 80 people.
            """,
        },
    ];

    public static IReadOnlyList<(string Question, string Answer)> Answerable { get; } =
    [
        ("How many vacation days do employees get?", "28 days"),
        ("How many days of annual leave do full-time employees receive?", "28 days"),
        ("Can I carry over unused leave?", "carried over until 31 March"),
        ("When do I need a doctor's note?", "fourth day"),
        ("How long is parental leave?", "52 weeks"),
        ("How far in advance must leave be requested?", "two weeks in advance"),
        ("How long does sick pay last?", "six weeks"),
        ("What is the return period?", "within 30 days"),
        ("How long do I have to return an item?", "within 30 days"),
        ("Are shipping fees refunded?", "not refunded"),
        ("Can gift cards be returned?", "cannot be returned"),
        ("When will I receive my refund?", "five business days"),
        ("How do I start a return?", "open your order page"),
        ("How do I reset the router?", "ten seconds"),
        ("How many devices can the RX-200 connect?", "64 connected devices"),
        ("What is the RX-200?", "dual-band wireless router"),
        ("Where is the default password?", "label underneath"),
        ("What does an orange internet light mean?", "cannot reach your provider"),
        ("How long is the warranty?", "two years"),
        ("When did Mount Kessel last erupt?", "1907"),
        ("How high is Mount Kessel?", "3,412 metres"),
        ("Who first climbed Mount Kessel?", "Johanna Rieder"),
        ("Why is the northern trail closed in winter?", "avalanches"),
        ("Why did nobody die in the eruption?", "evacuated"),
        ("How many hikers reach the summit?", "9,000"),
        ("When do backups run?", "02:30 UTC"),
        ("How long are backups kept?", "35 days"),
        ("How are backups encrypted?", "AES-256"),
        ("How do I restore a backup?", "bkctl restore"),
        ("What happens if a backup fails twice?", "paged"),
        ("How much does the Team plan cost?", "49 EUR"),
        ("Why must the service be stopped during a restore?", "half-written"),
        ("At what temperature is the loaf baked?", "240 degrees"),
        ("How much salt is needed?", "10 g of salt"),
        ("When is the starter ready?", "doubled in size"),
        ("Why should the bread cool before slicing?", "gummy"),
        ("How many requests per minute are allowed?", "120 requests per minute"),
        ("What does error code 1002 mean?", "already shipped"),
        ("When do API keys expire?", "90 days"),
        ("Which header carries the API key?", "X-Api-Key"),
        ("What status is returned when the rate limit is exceeded?", "429"),
        ("How do I get the next page of results?", "cursor"),
        ("When is the library open on Saturdays?", "Saturdays until 4"),
        ("How many books can I borrow?", "twelve books"),
        ("What is the fine for late books?", "20 cents"),
        ("Who designed the library building?", "Mara Lindqvist"),
        ("How much is membership for visitors?", "15 dollars"),
        ("Is the library open on Sundays?", "closed on Sundays"),
        ("How often can loans be renewed?", "renewed twice"),
        ("How many people fit in the reading room?", "80 people"),
    ];

    public static IReadOnlyList<string> Unanswerable { get; } =
    [
        "What is the capital of Mongolia?",
        "Who won the 1998 World Cup?",
        "How do I configure Kubernetes ingress?",
        "What is the maximum speed of a cheetah?",
        "Who wrote War and Peace?",
        "How many employees does the company have?",
        "What is the CEO's name?",
        "How do I cancel my subscription?",
        "Does the RX-300 support mesh networking?",
        "Does the RX-200 support Bluetooth?",
        "What is the height of Mount Everest?",
        "When did Mount Fuji last erupt?",
        "Who owns Mount Kessel?",
        "How do I delete a backup?",
        "How much does the Enterprise plan cost?",
        "What colour is the router?",
        "How many calories are in the loaf?",
        "Can I freeze the dough?",
        "What programming languages does the SDK support?",
        "How do I create a customer?",
        "What does error code 2044 mean?",
        "Is there a webhook for new orders?",
        "Does the library have a cafe?",
        "Can I borrow DVDs from the library?",
        "What is the library's phone number?",
        "What is the policy on remote work?",
        "How much is the bonus?",
        "What is the dress code?",
        "Can I exchange an item for another size?",
        "Do you ship to Canada?",
        "Who invented the telephone?",
        "How do vaccines work?",
        "What is quantum entanglement?",
        "How do I bake a chocolate cake?",
        "What is the GDP of France?",
        "Which airline flies to Lindau?",
        "How deep is Lake Arnholt?",
        "What is the boiling point of ethanol?",
        "How do I train a puppy?",
        "When was the Treaty of Versailles signed?",
    ];
}
