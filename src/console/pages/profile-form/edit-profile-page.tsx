import { Page } from '../../components/page.tsx';

export default function EditProfilePage() {
  return <Page title="Edit script profile">{null}</Page>;
}
