using GenAI.Core.Storage;

namespace GenAI.Core.Tests.Storage;

/// <summary>Folders as they are found: missing, locked, of somebody else.</summary>
public class FolderTests
{
    [Fact]
    public void A_folder_that_is_missing_or_a_file_is_refused_by_its_path()
    {
        using var place = new TemporaryFolder();
        var missing = Path.Combine(place.Path, "a", "b");
        var open = () => DiskFolder.Open(missing);
        open.Should().Throw<DirectoryNotFoundException>().WithMessage($"*'{missing}'*creates it*");

        DiskFolder.OpenOrCreate(missing).List().Should().BeEmpty();
        open.Should().NotThrow();
        var file = Path.Combine(place.Path, "file");
        File.WriteAllText(file, "text");
        foreach (var refused in new Action[] { () => DiskFolder.Open(file), () => DiskFolder.OpenOrCreate(file) })
            refused.Should().Throw<IOException>().WithMessage($"*'{file}' is a file, not a folder*");
        File.ReadAllText(file).Should().Be("text");
    }

    [Fact]
    public void Files_of_a_folder_on_disk_do_what_those_in_memory_do()
    {
        using var place = new TemporaryFolder();
        foreach (var folder in new StorageFolder[] { DiskFolder.Open(place.Path), new FaultFolder() })
        {
            using (var file = folder.Create("b"))
            {
                file.Write([1, 2, 3, 4], 0);
                file.Write([9, 9], 6);
                file.Length.Should().Be(8);
                var read = new byte[20];
                file.Read(read, 2).Should().Be(6);
                read[..6].Should().Equal(3, 4, 0, 0, 9, 9);
                file.Read(read, 8).Should().Be(0);
                file.Read(read, 100).Should().Be(0);
                file.Truncate(7);
                file.Sync();
            }

            folder.Rename("b", "a");
            folder.Create("c").Dispose();
            folder.SyncEntries();
            folder.List().Should().Equal("a", "c");
            folder.Exists("b").Should().BeFalse();
            folder.GetLength("a").Should().Be(7);
            using (var mapping = folder.Map("a"))
                Bytes(mapping).Should().Equal(1, 2, 3, 4, 0, 0, 9);
            using (var file = folder.Open("a", writable: true))
                file.Write([7], 1);
            using (var file = folder.Open("a"))
            {
                var read = new byte[2];
                file.Read(read, 0);
                read.Should().Equal(1, 7);
            }

            folder.Rename("c", "a");
            folder.GetLength("a").Should().Be(0, "a file of the name is replaced");
            folder.Delete("a");
            folder.Delete("a");
            folder.List().Should().BeEmpty();
            folder.Invoking(f => f.Open("a")).Should().Throw<FileNotFoundException>();
            folder.Invoking(f => f.Map("a")).Should().Throw<FileNotFoundException>();
        }

        static unsafe byte[] Bytes(FileMapping mapping) => new ReadOnlySpan<byte>(mapping.Start, (int)mapping.Length).ToArray();
    }

    [Fact]
    public void One_writer_at_a_time_and_the_second_is_told_who_has_it()
    {
        using var place = new TemporaryFolder();
        foreach (var folder in new StorageFolder[] { DiskFolder.Open(place.Path), new FaultFolder() })
        {
            var second = () => FolderLock.Acquire(folder);
            using (var first = FolderLock.Acquire(folder))
            {
                first.Sign();
                second.Should().Throw<IOException>().WithMessage($"*'{folder.Path}' is open for writing elsewhere (process {Environment.ProcessId} on {Environment.MachineName})*read-only*");
                second.Should().Throw<IOException>("asking does not take it away");
            }

            second.Should().NotThrow().Which.Dispose();
        }
    }

    [Fact]
    public void The_lock_of_a_process_that_was_killed_is_free_and_what_it_acknowledged_is_there()
    {
        using var place = new TemporaryFolder();
        for (var round = 0; round < 3; round++)
        {
            var acknowledged = StoreWriter.RunAndKill(place.Path, after: 10 + round * 25);
            acknowledged.Should().NotBeEmpty();
            var folder = DiskFolder.Open(place.Path);
            // The last write may have been done and not yet told.
            var last = acknowledged.Values.Max();
            var found = TinyStore.Read(folder);
            foreach (var (key, write) in acknowledged)
                StoreWriter.Number(found[key]).Should().BeOneOf([write, last + 1], "{0} was acknowledged with {1}", key, write);
            using (FolderLock.Acquire(folder))
            {
            }
        }
    }

    [ProtectedFolderFact]
    public void Where_nobody_may_write_the_error_says_so()
    {
        var acquire = () => FolderLock.Acquire(DiskFolder.Open(ProtectedFolderFactAttribute.Path));

        acquire.Should().Throw<UnauthorizedAccessException>().WithMessage($"*'{ProtectedFolderFactAttribute.Path}' cannot be written to*read-only*");
    }

    [Fact]
    public async Task A_foreign_file_a_missing_segment_or_manifest_is_refused_and_nothing_is_changed()
    {
        var folder = new FaultFolder();
        await using (var store = TinyStore.Open(folder))
        {
            await store.SetAsync("a", "1");
            store.Checkpoint();
            await store.SetAsync("b", "2");
        }

        foreach (var name in new[] { "notes.txt", "1.segment", "0000000000000000001.segment.bak", "x.tmp", "Lock" })
        {
            var foreign = Damage.With(folder, name, [1, 2, 3]);
            Refused<IOException>(foreign, $"*'/fault' has a file that is not of a store: '{name}'*");
        }

        foreach (var name in folder.List().Where(name => name != StorageNames.Lock))
        {
            var incomplete = folder.Copy();
            incomplete.Delete(name);
            Refused<CorruptDataException>(incomplete, "*missing*estore*backup*");
        }

        static void Refused<T>(FaultFolder folder, string message)
            where T : Exception
        {
            var before = folder.ToString();
            folder.Invoking(f => TinyStore.Open(f)).Should().Throw<T>().WithMessage(message);
            folder.Invoking(f => TinyStore.Read(f)).Should().Throw<T>().WithMessage(message);
            folder.ToString().Should().Be(before);
        }
    }

    [Fact]
    public async Task What_a_crash_left_over_is_deleted_on_opening_for_writing_and_left_alone_by_readers()
    {
        var folder = new FaultFolder();
        await using (var store = TinyStore.Open(folder))
        {
            await store.SetAsync("a", "1");
            store.Checkpoint();
        }

        var files = folder.List();
        folder[StorageNames.Temporary(StorageNames.Segment(9))] = [1];
        folder[StorageNames.Segment(8)] = folder[StorageNames.Segment(1)];
        TinyStore.Read(folder).Should().Contain("a", "1");
        folder.List().Should().HaveCount(files.Count + 2);

        await TinyStore.Open(folder).DisposeAsync();
        folder.List().Should().Equal(files);
    }
}
